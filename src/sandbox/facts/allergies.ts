import { type Concept, concept, snomed, systems } from '../coding.ts'

export interface AllergyFact {
  readonly code: Concept
  readonly category: 'food' | 'medication' | 'environment'
  readonly manifestation: Concept
  readonly severity: 'mild' | 'moderate' | 'severe'
}

const rxnorm = (code: string, display: string) => concept(systems.rxnorm, code, display)
const hives = snomed('247472004', 'Weal (disorder)', 'Hives')
const rash = snomed('271807003', 'Eruption of skin (disorder)', 'Skin rash')
const anaphylaxis = snomed('39579001', 'Anaphylaxis (disorder)')
const nausea = snomed('422587007', 'Nausea (finding)')
const cough = snomed('49727002', 'Cough (finding)')

// biome-ignore format: one allergy a line
export const allergies: readonly AllergyFact[] = [
  { code: rxnorm('7980', 'Penicillin G'), category: 'medication', manifestation: hives, severity: 'moderate' },
  { code: rxnorm('1191', 'Aspirin'), category: 'medication', manifestation: nausea, severity: 'mild' },
  { code: rxnorm('10831', 'Sulfamethoxazole / Trimethoprim'), category: 'medication', manifestation: rash, severity: 'moderate' },
  { code: rxnorm('1314891', 'Latex'), category: 'environment', manifestation: rash, severity: 'mild' },
  { code: snomed('762952008', 'Peanut (substance)'), category: 'food', manifestation: anaphylaxis, severity: 'severe' },
  { code: snomed('735029006', 'Shellfish (substance)'), category: 'food', manifestation: hives, severity: 'moderate' },
  { code: snomed('256277009', 'Grass pollen (substance)'), category: 'environment', manifestation: cough, severity: 'mild' },
]
export const noKnownAllergy = snomed('716186003', 'No known allergy (situation)')
