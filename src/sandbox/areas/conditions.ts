import { date, dateTime, dayMs, month, year } from '../calendar.ts'
import { type Body, type Concept, concept, type Reference, systems } from '../coding.ts'
import { acuteConditions, type Concern, type ConditionFact, concerns } from '../facts/conditions.ts'
import { ageAt, happens, type Person, type Problem, type Visit } from '../life/index.ts'
import { atLeast, type UsCore } from '../us-core.ts'

/** Chronic conditions that have begun since the last visit go on the problem list; what is seen today is a diagnosis. */
export function writeConditions(person: Person, visit: Visit): readonly Problem[] {
  const found: Problem[] = []
  for (const { fact, onset } of person.ailments) {
    if (onset > visit.start || person.problems.some((problem) => problem.fact === fact)) continue
    const problem = { fact, since: onset, condition: writeProblem(person, visit, fact, onset) }
    person.problems.push(problem)
    found.push(problem)
  }
  const today = visit.about
  if (today) {
    const diagnosis = { fact: today, since: visit.start, condition: writeDiagnosis(person, visit, today) }
    person.diagnoses.push(diagnosis)
    found.push(diagnosis)
  }
  return found
}

const clinical = (code: string, display: string) =>
  concept('http://terminology.hl7.org/CodeSystem/condition-clinical', code, display)
const verification = (code: string, display: string) =>
  concept('http://terminology.hl7.org/CodeSystem/condition-ver-status', code, display)
const conditionCategory = (code: string, display: string) =>
  concept('http://terminology.hl7.org/CodeSystem/condition-category', code, display)
const confirmed = verification('confirmed', 'Confirmed')
const problemListItem = conditionCategory('problem-list-item', 'Problem List Item')

const problemProfiles = ['us-core-condition', 'us-core-condition-problems-health-concerns']
const diagnosisProfiles = ['us-core-condition', 'us-core-condition-encounter-diagnosis']

function writeProblem(person: Person, visit: Visit, fact: ConditionFact, onset: number): Reference {
  return person.chart.add('Condition', problemProfiles, {
    clinicalStatus: clinical('active', 'Active'),
    verificationStatus: confirmed,
    category: [problemListItem],
    code: fact.code,
    subject: person.subject,
    encounter: visit.encounter,
    ...onsetOf(person, onset, visit.start),
    recordedDate: date(visit.start),
    recorder: visit.clinician,
    asserter: visit.clinician,
  })
}

/** People remember the day, the month, the year, or "sometime that spring". */
function onsetOf({ random, cast }: Person, onset: number, seen: number): Body {
  const precision = random.whole(0, 5)
  if (cast || precision < 3) return { onsetDateTime: date(onset) }
  if (precision === 3) return { onsetDateTime: month(onset) }
  if (precision === 4) return { onsetDateTime: year(onset) }
  const end = Math.min(onset + random.whole(20, 120) * dayMs, seen)
  return { onsetPeriod: { start: date(onset), end: date(end) } }
}

const assertedDate = 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate'

function writeDiagnosis(person: Person, visit: Visit, fact: ConditionFact): Reference {
  const { random, end, chart } = person
  // A pregnancy ends in its fortieth week, everything else within three.
  const days = visit.week === undefined ? random.whole(5, 21) : (40 - visit.week) * 7
  const over = visit.end + days * dayMs
  const isOver = over < end
  return chart.add('Condition', diagnosisProfiles, {
    extension: [{ url: assertedDate, valueDateTime: date(visit.start) }],
    clinicalStatus: isOver ? clinical('resolved', 'Resolved') : clinical('active', 'Active'),
    verificationStatus: confirmed,
    category: [conditionCategory('encounter-diagnosis', 'Encounter Diagnosis')],
    code: fact.code,
    subject: person.subject,
    encounter: visit.encounter,
    onsetDateTime: dateTime(visit.start - random.whole(1, 4) * dayMs),
    ...(isOver ? { abatementDateTime: date(over) } : {}),
    recordedDate: date(visit.start),
    recorder: visit.clinician,
  })
}

/** Health concerns that a screening has brought up: https://hl7.org/fhir/us/core/screening-and-assessments.html */
export function writeConcerns(person: Person, visit: Visit) {
  for (const concern of concerns) {
    const { fromAge, toAge, percent } = concern.fact
    const age = ageAt(person, visit.start)
    if (age >= fromAge && age <= toAge && happens(person, percent / 100)) writeConcern(person, visit, concern)
  }
}

function writeConcern({ chart, version, subject, end, random }: Person, visit: Visit, { fact, category }: Concern) {
  const over = visit.end + random.whole(90, 300) * dayMs
  const isOver = category === 'sdoh' && over < end
  chart.add('Condition', problemProfiles, {
    extension: [{ url: assertedDate, valueDateTime: date(visit.start) }],
    clinicalStatus: isOver ? clinical('resolved', 'Resolved') : clinical('active', 'Active'),
    verificationStatus: confirmed,
    category: [concernCategory(category), ...screeningCategory(version, category)],
    code: fact.code,
    subject,
    encounter: visit.encounter,
    onsetDateTime: date(visit.start),
    ...(isOver ? { abatementDateTime: date(over) } : {}),
    recordedDate: date(visit.start),
    recorder: visit.clinician,
  })
}

/** Half of them are on the problem list, half are concerns and no more. */
const concernCategory = (category: Concern['category']): Concept =>
  category === 'sdoh' || category === 'cognitive-status'
    ? concept('http://hl7.org/fhir/us/core/CodeSystem/condition-category', 'health-concern', 'Health Concern')
    : problemListItem

const screeningDisplays: Readonly<Record<string, string>> = {
  sdoh: 'SDOH',
  'functional-status': 'Functional Status',
  'disability-status': 'Disability Status',
  'cognitive-status': 'Cognitive Status',
}

/** US Core 5.0.1 marked the social determinants alone, with a tag's code; the categories came with 6.1.0. */
export function screeningCategory(version: UsCore, category: string): readonly Concept[] {
  const display = screeningDisplays[category]
  if (!display) return []
  if (atLeast(version, '6.1.0')) return [concept(systems.usCoreCategory, category, display)]
  return version === '5.0.1' && category === 'sdoh' ? [concept(systems.usCoreTags, 'sdoh', 'SDOH')] : []
}

/** A problem that turned out to be somebody else's. */
export function writeMistake({ chart, subject, ailments }: Person, visit: Visit) {
  const fact = ailments[0]?.fact ?? acuteConditions[0]
  if (!fact) return
  chart.add('Condition', problemProfiles, {
    verificationStatus: verification('entered-in-error', 'Entered in Error'),
    category: [problemListItem],
    code: fact.code,
    subject,
    recordedDate: date(visit.start),
    recorder: visit.clinician,
  })
}
