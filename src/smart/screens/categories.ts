/** Categories by which Condition and Observation can be shared in part (specs/smart.md 7). */
interface Category {
  readonly system: string
  readonly code: string
}

const condition = 'http://terminology.hl7.org/CodeSystem/condition-category'
const observation = 'http://terminology.hl7.org/CodeSystem/observation-category'
const usCore = 'http://hl7.org/fhir/us/core/CodeSystem'

const categories: Readonly<Record<string, readonly Category[]>> = {
  Condition: [
    { system: condition, code: 'problem-list-item' },
    { system: condition, code: 'encounter-diagnosis' },
    { system: `${usCore}/condition-category`, code: 'health-concern' },
  ],
  Observation: [
    { system: observation, code: 'vital-signs' },
    { system: observation, code: 'laboratory' },
    { system: `${usCore}/us-core-observation-category`, code: 'clinical-test' },
    { system: observation, code: 'social-history' },
    { system: `${usCore}/us-core-category`, code: 'sdoh' },
    { system: observation, code: 'survey' },
  ],
}

export function categoriesOf(type: string): readonly Category[] {
  return categories[type] ?? []
}
