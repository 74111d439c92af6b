import { type Body, type Concept, loinc, quantity, systems } from '../coding.ts'

/** One question of a screening, or its score, as it becomes an Observation. */
export interface Assessment {
  readonly code: Concept
  /** The category of US Core besides `survey` or `social-history`. */
  readonly category: string
  readonly values: readonly Body[]
  readonly fromAge: number
  /** Told by the patient and not by the clinician. */
  readonly isByPatient?: boolean
}

const coded = (code: string, display: string): Body => ({
  valueCodeableConcept: { coding: [{ system: systems.loinc, code, display }], text: display },
})
const score = (value: number, unit = '{score}'): Body => ({
  valueQuantity: quantity(value, unit === '{score}' ? 'score' : unit, unit),
})
const yesNo = [coded('LA32-8', 'No'), coded('LA32-8', 'No'), coded('LA33-6', 'Yes')]

/** Surveys: https://hl7.org/fhir/us/core/screening-and-assessments.html */
export const surveys: readonly Assessment[] = [
  {
    code: loinc(
      '69858-9',
      'Because of a physical, mental, or emotional condition, do you have serious difficulty concentrating, remembering, or making decisions?',
    ),
    category: 'disability-status',
    values: yesNo,
    fromAge: 18,
    isByPatient: true,
  },
  {
    code: loinc(
      '69861-3',
      "Because of a physical, mental, or emotional condition, do you have difficulty doing errands alone such as visiting a physician's office or shopping?",
    ),
    category: 'functional-status',
    values: yesNo,
    fromAge: 18,
  },
  {
    code: loinc('72106-8', 'Total score [MMSE]'),
    category: 'cognitive-status',
    values: [27, 28, 29, 30].map((n) => score(n)),
    fromAge: 65,
  },
  {
    code: loinc(
      '89555-7',
      'How many days per week did you engage in moderate to strenuous physical activity in the last 30 days',
    ),
    category: 'activity',
    values: [0, 1, 2, 3, 5].map((days) => score(days, 'd/wk')),
    fromAge: 18,
    isByPatient: true,
  },
  {
    code: loinc('75626-2', 'Total score [AUDIT-C]'),
    category: 'social-history',
    values: [0, 1, 3, 5].map((n) => score(n)),
    fromAge: 18,
  },
  {
    code: loinc('56799-0', 'Address', 'What address do you live at?'),
    category: 'sdoh',
    values: [{ valueString: 'With relatives, no lease of their own' }, { valueString: 'Own apartment' }],
    fromAge: 18,
  },
]

/** What is noted of a life outside surveys. */
export const circumstances: readonly Assessment[] = [
  {
    code: loinc(
      '93035-4',
      "Has season or migrant farm work been your or your family's main source of income at any point in past 2 years [PRAPARE]",
    ),
    category: 'sdoh',
    values: [{ valueBoolean: false }],
    fromAge: 18,
    isByPatient: true,
  },
  {
    code: loinc('63512-8', 'How many people are living or staying at this address [#]'),
    category: 'sdoh',
    values: [1, 2, 3, 4].map((people) => score(people, '{#}')),
    fromAge: 18,
  },
  {
    code: loinc(
      '63586-2',
      'What was your best estimate of the total income of all family members from all sources, before taxes, in last year [PhenX]',
    ),
    category: 'sdoh',
    values: [{ valueString: 'Prefers not to answer' }, { valueString: 'About 52,000 dollars' }],
    fromAge: 18,
  },
  {
    code: loinc('67875-5', 'Employment status - current'),
    category: 'sdoh',
    values: [coded('LA17956-6', 'Unemployed'), coded('LA17958-2', 'Full-time work')],
    fromAge: 18,
  },
  {
    code: loinc(
      '69861-3',
      "Because of a physical, mental, or emotional condition, do you have difficulty doing errands alone such as visiting a physician's office or shopping?",
    ),
    category: 'functional-status',
    values: [{ valueBoolean: false }],
    fromAge: 18,
  },
  {
    code: loinc(
      '69858-9',
      'Because of a physical, mental, or emotional condition, do you have serious difficulty concentrating, remembering, or making decisions?',
    ),
    category: 'disability-status',
    values: [{ valueBoolean: false }],
    fromAge: 18,
    isByPatient: true,
  },
  { code: loinc('72106-8', 'Total score [MMSE]'), category: 'cognitive-status', values: [score(29)], fromAge: 65 },
  {
    code: loinc(
      '68516-4',
      'On those days that you engage in moderate to strenuous exercise, how many minutes, on average, do you exercise',
    ),
    category: 'activity',
    values: [10, 20, 30, 45].map((n) => score(n, 'min/d')),
    fromAge: 18,
  },
]
