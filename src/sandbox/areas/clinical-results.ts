import { absent, type Body, type Concept, concept, observationCategory, type Reference } from '../coding.ts'
import { type ClinicalResult, electrocardiogram, examination, imaging } from '../facts/clinical-results.ts'
import { happens, type Person, type Visit } from '../life/index.ts'
import { hasProfile, type UsCore } from '../us-core.ts'
import { writeObservation } from './observation.ts'

/** References to what was found, for the reports that put it into words. */
export interface ClinicalResults {
  readonly cardiology: readonly Reference[]
  readonly radiology: readonly Reference[]
}

/** All that reports of a visit can point to. */
export interface ReportResults extends ClinicalResults {
  readonly pathology: readonly Reference[]
}

/** Electrocardiograms and images of grown-ups; nothing where US Core has no profile for them (before 5.0.1). */
export function writeClinicalResults(person: Person, visit: Visit): ClinicalResults {
  const none = { cardiology: [], radiology: [] }
  if (!hasProfiles(person.version) || visit.age < 18 || !happens(person, 0.3)) return none
  const write = (results: readonly ClinicalResult[]) =>
    results.filter((result) => fits(person, result)).map((result) => writeResult(person, visit, result))
  const found = { cardiology: write(electrocardiogram), radiology: write(imaging) }
  if (visit.age > 60) write(examination)
  return found
}

const hasProfiles = (version: UsCore) =>
  hasProfile(version, 'us-core-observation-clinical-result') || hasProfile(version, 'us-core-observation-imaging')

const fits = ({ sex }: Person, { code }: ClinicalResult) => sex === 'female' || code.coding[0]?.code !== '24606-6'

function writeResult(person: Person, visit: Visit, { code, category, values }: ClinicalResult): Reference {
  const isMissing = person.cast !== undefined && visit.index % 4 === (category === 'imaging' ? 1 : 2)
  const says: Body = isMissing
    ? { dataAbsentReason: absent('not-performed', 'Not Performed') }
    : person.random.pick(values)
  return writeObservation(person, visit, {
    profiles: [
      'us-core-observation-clinical-result',
      category === 'imaging' ? 'us-core-observation-imaging' : 'us-core-observation-clinical-test',
    ],
    categories: [observationCategory(category), ...clinicalTest(person.version, category)],
    code,
    says,
  })
}

/** US Core 5.0.1 told tests from images by a category of its own. */
function clinicalTest(version: UsCore, category: string): readonly Concept[] {
  if (category === 'imaging' || !hasProfile(version, 'us-core-observation-clinical-test')) return []
  const system = 'http://hl7.org/fhir/us/core/CodeSystem/us-core-observation-category'
  return [concept(system, 'clinical-test', 'Clinical Test')]
}
