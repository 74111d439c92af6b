import { date, dateTime, dayMs } from '../calendar.ts'
import { type Body, concept, type Reference, snomed, systems } from '../coding.ts'
import { type MedicationFact, medicationFor, medications } from '../facts/medications.ts'
import type { Person, Problem, Visit } from '../life/index.ts'
import { happens } from '../life/index.ts'
import { organizationReference } from '../shared/sites.ts'
import { hasProfile, usCoreUrl } from '../us-core.ts'

const intents = [
  'proposal',
  'plan',
  'original-order',
  'reflex-order',
  'filler-order',
  'instance-order',
  'option',
] as const
type Intent = 'order' | (typeof intents)[number]

/** New problems get their medications; the chronic ones are renewed at every other follow-up. */
export function writeMedications(person: Person, visit: Visit, found: readonly Problem[]) {
  const renewed = visit.kind === 'follow-up' && visit.index % 2 === 0 ? person.problems : []
  for (const problem of [...found, ...renewed.filter((known) => !found.includes(known))]) {
    for (const name of problem.fact.medications)
      prescribe(person, visit, medicationFor(name, visit.age), problem, 'order')
  }
  const problem = found[0]
  if (person.cast && problem && (visit.kind === 'acute' || visit.kind === 'inpatient')) {
    // The rarer intents, once each: a refill proposed, a course planned, a copy at the pharmacy.
    for (const intent of intents) {
      prescribe(person, visit, medicationFor('acetaminophen', visit.age), problem, intent)
    }
  }
  if (visit.kind === 'wellness' && visit.age > 18 && happens(person, 0.25)) writeReported(person, visit)
}

const medicationCategory = (code: string, display: string) =>
  concept('http://terminology.hl7.org/CodeSystem/medicationrequest-category', code, display)

function dosage(fact: MedicationFact): Body {
  return {
    text: fact.instruction,
    timing: { repeat: { frequency: fact.timesADay, period: 1, periodUnit: 'd' } },
    ...(fact.asNeeded ? { asNeededBoolean: true } : {}),
    route: fact.route,
    doseAndRate: [{ doseQuantity: fact.dose }],
  }
}

/** By code, or as a reference to the Medication: both ways are common, and clients have to read both. */
const medicationOf = ({ number }: Person, { id, code }: MedicationFact): Body =>
  number % 2 === 0 || code.coding[0]?.code === '313782'
    ? { medicationReference: { reference: `Medication/${id}`, display: code.text } }
    : { medicationCodeableConcept: code }

function prescribe(person: Person, visit: Visit, fact: MedicationFact, problem: Problem, intent: Intent) {
  const { chart, random, end } = person
  const isLong = fact.refills > 1
  const isActive = isLong && end - visit.end < 200 * dayMs
  const inHospital = visit.kind === 'inpatient'
  const request = chart.add('MedicationRequest', ['us-core-medicationrequest'], {
    ...(isActive && happens(person, 0.5) ? adherence(person, visit) : {}),
    status: intent === 'proposal' || intent === 'option' ? 'cancelled' : isActive ? 'active' : 'completed',
    intent,
    category: [
      inHospital ? medicationCategory('discharge', 'Discharge') : medicationCategory('community', 'Community'),
    ],
    priority: 'routine',
    reportedBoolean: false,
    ...medicationOf(person, fact),
    subject: person.subject,
    encounter: visit.encounter,
    authoredOn: dateTime(visit.end),
    requester: visit.clinician,
    ...(random.chance(0.5) || person.number === 1
      ? { reasonReference: [problem.condition] }
      : { reasonCode: [problem.fact.code] }),
    dosageInstruction: [dosage(fact)],
    dispenseRequest: {
      validityPeriod: { start: date(visit.end), end: date(visit.end + 365 * dayMs) },
      numberOfRepeatsAllowed: fact.refills,
      quantity: fact.packSize,
    },
  })
  if (intent === 'order' && visit.end + 2 * dayMs < end) dispense(person, visit, fact, request)
}

/** Since 7.0.0. */
function adherence({ version }: Person, visit: Visit): Body {
  if (!hasProfile(version, 'us-core-average-blood-pressure')) return {}
  return {
    extension: [
      {
        url: `${usCoreUrl}us-core-medication-adherence`,
        extension: [
          {
            url: 'medicationAdherence',
            valueCodeableConcept: snomed(
              '275928001',
              'Drugs - partial non-compliance (finding)',
              'Takes some of the doses',
            ),
          },
          { url: 'dateAsserted', valueDateTime: dateTime(visit.end) },
          { url: 'informationSource', valueCodeableConcept: snomed('116154003', 'Patient (person)') },
        ],
      },
    ],
  }
}

/** Brought along by the patient or a colleague, not ordered here. */
function writeReported(person: Person, visit: Visit) {
  const { chart, subject, number } = person
  const fact = number % 2 === 0 ? medications.ibuprofen : medications.loratadine
  chart.add('MedicationRequest', ['us-core-medicationrequest'], {
    status: 'active',
    intent: 'plan',
    category: [medicationCategory('outpatient', 'Outpatient')],
    reportedReference: visit.clinician,
    medicationCodeableConcept: fact.code,
    subject,
    encounter: visit.encounter,
    authoredOn: date(visit.start),
    requester: visit.clinician,
    reasonCode: [snomed('279039007', 'Low back pain (finding)')],
    dosageInstruction: [dosage(fact)],
  })
}

function dispense(person: Person, visit: Visit, fact: MedicationFact, request: Reference) {
  const { chart, subject, random } = person
  chart.add('MedicationDispense', ['us-core-medicationdispense'], {
    status: 'completed',
    ...medicationOf(person, fact),
    subject,
    context: visit.encounter,
    performer: [{ actor: organizationReference('pharmacy-1') }, { actor: visit.clinician }],
    authorizingPrescription: [request],
    type: concept(systems.actCode, 'FFC', 'First Fill - Complete'),
    quantity: fact.packSize,
    whenHandedOver: dateTime(visit.end + random.whole(1, 30) * 3_600_000),
    dosageInstruction: [dosage(fact)],
  })
}
