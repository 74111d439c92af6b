import { dateTime } from '../calendar.ts'
import { absent, type Body, type Concept, loinc, observationCategory, quantity, type Reference } from '../coding.ts'
import { type Assessment, circumstances, surveys } from '../facts/assessments.ts'
import {
  type Answer,
  hunger,
  phq,
  type Question,
  type QuestionnaireFact,
  questionnaires,
} from '../facts/questionnaires.ts'
import { happens, type Person, type Visit } from '../life/index.ts'
import { hasProfile, usCoreUrl } from '../us-core.ts'
import { screeningCategory, writeConcerns } from './conditions.ts'
import { writeObservation } from './observation.ts'

/** At every other check-up of a grown-up: forms, scores and what follows from them. */
export function writeScreenings(person: Person, visit: Visit) {
  const { version } = person
  if (visit.kind !== 'wellness' || visit.age < 18 || visit.index % 2 !== 0 || !happens(person, 0.35)) return
  if (!hasProfile(version, 'us-core-questionnaireresponse')) return writeConcerns(person, visit)
  const responses: Reference[] = []
  for (const questionnaire of questionnaires) {
    const response = writeResponse(person, visit, questionnaire)
    if (questionnaire.code === phq.panel) writeDepressionPanel(person, visit, response)
    else writeHungerPanel(person, visit, response)
    responses.push(response)
  }
  for (const survey of surveys) if (visit.age >= survey.fromAge) writeSurvey(person, visit, survey)
  for (const circumstance of circumstances)
    if (visit.age >= circumstance.fromAge) writeCircumstance(person, visit, circumstance, responses)
  writeConcerns(person, visit)
}

/** https://hl7.org/fhir/us/core/StructureDefinition-us-core-questionnaireresponse.html */
function writeResponse(person: Person, visit: Visit, questionnaire: QuestionnaireFact): Reference {
  const { chart, id, subject, version, random } = person
  const tags =
    version === '5.0.1'
      ? [{ system: 'http://hl7.org/fhir/us/core/CodeSystem/us-core-tags', code: 'sdoh', display: 'SDOH' }]
      : []
  return chart.add('QuestionnaireResponse', ['us-core-questionnaireresponse'], {
    ...(tags.length > 0 ? { meta: { tag: tags } } : {}),
    identifier: { system: 'urn:charthouse:sandbox:form', value: `${id}-${visit.index + 1}-${questionnaire.id}` },
    questionnaire: questionnaire.url,
    _questionnaire: {
      extension: [
        { url: 'http://hl7.org/fhir/StructureDefinition/display', valueString: questionnaire.title },
        { url: `${usCoreUrl}us-core-extension-questionnaire-uri`, valueUri: questionnaire.url },
      ],
    },
    status: 'completed',
    subject,
    encounter: visit.encounter,
    authored: dateTime(visit.start + 300_000),
    author: visit.clinician,
    source: subject,
    item: questionnaire.questions.map((question) => answered(question, (answers) => random.pick(answers))),
  })
}

/** Questions below a group stand in the item, questions below an answer in the answer. */
function answered(question: Question, choose: (answers: readonly Answer[]) => Answer): Body {
  const nested = question.questions?.map((below) => answered(below, choose))
  const head = { linkId: question.linkId, text: question.code?.text ?? 'Food in the past 12 months' }
  if (question.type === 'group') return { ...head, item: nested }
  return { ...head, answer: [{ ...choose(question.answers), ...(nested ? { item: nested } : {}) }] }
}

const surveyProfiles = (category: string) => [
  'us-core-observation-screening-assessment',
  'us-core-observation-survey',
  ...(category === 'sdoh' ? ['us-core-observation-sdoh-assessment'] : []),
]

function surveyCategories({ version }: Person, category: string): readonly Concept[] {
  const extra =
    category === 'activity' || category === 'social-history'
      ? hasProfile(version, 'us-core-average-blood-pressure') // among the categories since 7.0.0
        ? [observationCategory(category)]
        : []
      : screeningCategory(version, category)
  return [observationCategory('survey'), ...extra]
}

function writeItem(
  person: Person,
  visit: Visit,
  category: string,
  code: Concept,
  says: Body,
  isByPatient = false,
): Reference {
  return writeObservation(person, visit, {
    profiles: surveyProfiles(category),
    categories: surveyCategories(person, category),
    code,
    says,
    ...(isByPatient && hasProfile(person.version, 'us-core-simple-observation') ? { performer: person.subject } : {}),
  })
}

const declined = absent('asked-declined', 'Asked But Declined')

function writeSurvey(person: Person, visit: Visit, { code, category, values, isByPatient }: Assessment) {
  const isDeclined = person.cast !== undefined && category === 'sdoh' && visit.index % 4 === 0
  const says = isDeclined ? { dataAbsentReason: declined } : person.random.pick(values)
  writeItem(person, visit, category, code, says, isByPatient)
}

const coded = (code: string, display: string): Body => ({
  valueCodeableConcept: { coding: [{ system: 'http://loinc.org', code, display }], text: display },
})

function writeDepressionPanel(person: Person, visit: Visit, response: Reference) {
  const derivedFrom = [response]
  const sadness = person.random.whole(0, 1)
  const mood = sadness === 0 ? coded('LA6568-5', 'Not at all') : coded('LA6569-3', 'Several days')
  const category = 'cognitive-status'
  const members = [
    writeItem(person, visit, category, phq.interest, { ...mood, derivedFrom }, true),
    writeItem(person, visit, category, phq.mood, { ...mood, derivedFrom }, true),
    writeItem(person, visit, category, phq.total, {
      valueQuantity: quantity(2 + sadness * 4, 'score', '{score}'),
      derivedFrom,
    }),
  ]
  writeItem(person, visit, category, phq.panel, { hasMember: members, derivedFrom })
}

function writeHungerPanel(person: Person, visit: Visit, response: Reference) {
  const derivedFrom = [response]
  const isAtRisk = person.random.chance(0.15)
  const truth = isAtRisk ? coded('LA6729-3', 'Sometimes true') : coded('LA28398-8', 'Never true')
  const worried = writeItem(person, visit, 'sdoh', hunger.worried, { ...truth, derivedFrom })
  const lasting = writeItem(person, visit, 'sdoh', hunger.lasting, { ...truth, derivedFrom })
  const risk = writeItem(person, visit, 'sdoh', hunger.risk, {
    ...(isAtRisk ? coded('LA19952-3', 'At risk') : coded('LA19983-8', 'No risk')),
    derivedFrom: [worried, lasting],
  })
  writeItem(person, visit, 'sdoh', hunger.panel, { hasMember: [worried, lasting, risk], derivedFrom })
  writeItem(person, visit, 'sdoh', household, {
    valueQuantity: quantity(person.random.whole(1, 5), 'people', '{#}'),
    derivedFrom,
  })
}

const household = loinc('63512-8', 'How many people are living or staying at this address [#]')

/** https://hl7.org/fhir/us/core/StructureDefinition-us-core-simple-observation.html; in 5.0.1 social history. */
function writeCircumstance(
  person: Person,
  visit: Visit,
  { code, category, values, isByPatient }: Assessment,
  derivedFrom: readonly Reference[],
) {
  const { version, random } = person
  const isOlder = hasProfile(version, 'us-core-observation-social-history')
  if (isOlder && category !== 'sdoh') return
  const categories =
    category === 'activity' ? [observationCategory('activity')] : [...screeningCategory(version, category)]
  writeObservation(person, visit, {
    profiles: ['us-core-simple-observation', 'us-core-observation-social-history'],
    categories: category === 'sdoh' ? [observationCategory('social-history'), ...categories] : categories,
    code,
    says: { ...random.pick(values), derivedFrom },
    ...(isByPatient && !isOlder ? { performer: person.subject } : {}),
  })
}
