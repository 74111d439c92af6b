import { type Concept, concept, unknownValue } from '../coding.ts'

const work = (code: string, display: string) =>
  concept('http://terminology.hl7.org/CodeSystem/PHOccupationalDataForHealthODH', code, display)

/** Codes of the Occupational Data for Health value sets that US Core's examples show; the rest is said in words. */
export const occupations: readonly { readonly occupation: Concept; readonly industry: Concept }[] = [
  {
    occupation: work('31-1014.00.007136', 'Certified Nursing Assistant (CNA) [Nursing Assistants]'),
    industry: work('621610.008495', 'Home nursing services'),
  },
  { occupation: unknownValue, industry: work('621610.008495', 'Home nursing services') },
  {
    occupation: work('31-1014.00.007136', 'Certified Nursing Assistant (CNA) [Nursing Assistants]'),
    industry: unknownValue,
  },
]
