import { dateTime, instant } from '../calendar.ts'
import {
  absent,
  type Body,
  type Concept,
  concept,
  loinc,
  observationCategory,
  quantity,
  type Reference,
  snomed,
  systems,
} from '../coding.ts'
import { type LaboratoryTest, type Panel, panels, singleTests } from '../facts/laboratory-tests.ts'
import { qualitativeTests } from '../facts/qualitative-tests.ts'
import { suffers } from '../life/ailments.ts'
import type { Person, Visit } from '../life/index.ts'
import { rounded } from '../random.ts'
import { organizationReference } from '../shared/sites.ts'
import { atLeast } from '../us-core.ts'
import { writeObservation } from './observation.ts'

const laboratory = [observationCategory('laboratory')]
const laboratoryOrganization = organizationReference('laboratory-1')

/** What is ordered at a visit: by age, by what is known of the patient, by what brings them. Answers what panels found. */
export function writeLaboratory(person: Person, visit: Visit): readonly Reference[] {
  const { kind, age } = visit
  const results: Reference[] = []
  const isCheckUp = kind === 'wellness'
  if ((kind === 'inpatient' && age >= 12) || (isCheckUp && age >= 40))
    results.push(...writePanel(person, visit, panels.metabolic))
  if (kind === 'inpatient' || kind === 'emergency' || (isCheckUp && age >= 18 && visit.index % 2 === 0)) {
    results.push(...writePanel(person, visit, panels.bloodCount))
  }
  if (isCheckUp && age >= 40 && visit.index % 2 === 1) results.push(...writePanel(person, visit, panels.lipid))
  const isUrinary = visit.about?.code.coding[0]?.code === '68566005'
  if (isUrinary || kind === 'prenatal' || kind === 'emergency') results.push(...writeUrinalysis(person, visit))
  writeSingleTests(person, visit)
  return results
}

/** Tests that follow an ailment or come with an age. */
function writeSingleTests(person: Person, visit: Visit) {
  const { kind, age, start } = visit
  const isRegular = kind === 'follow-up' || kind === 'wellness'
  if (isRegular && suffers(person.ailments, '44054006', start)) {
    writeTests(person, visit, 'blood', [singleTests.hemoglobinA1c])
    writeTests(person, visit, 'serum', [singleTests.filtrationRate])
  }
  if (kind === 'follow-up' && suffers(person.ailments, '40930008', start)) {
    writeTests(person, visit, 'serum', [singleTests.thyrotropin])
  }
  if (kind === 'wellness' && age >= 0.9 && age < 2.2) writeTests(person, visit, 'blood', [singleTests.lead])
  if (kind === 'wellness' && age > 55 && person.sex === 'male') {
    writeTests(person, visit, 'serum', [singleTests.prostateAntigen])
  }
}

const specimenTypes = {
  serum: snomed('119364003', 'Serum specimen (specimen)'),
  blood: snomed('119297000', 'Blood specimen (specimen)'),
  urine: snomed('122575003', 'Urine specimen (specimen)'),
}

function writeSpecimen(person: Person, visit: Visit, kind: keyof typeof specimenTypes): Reference {
  const number = `${person.id}-${visit.index + 1}-${kind}`
  return person.chart.add('Specimen', ['us-core-specimen'], {
    identifier: [{ system: 'urn:charthouse:sandbox:specimen', value: number }],
    accessionIdentifier: { system: 'urn:charthouse:sandbox:accession', value: `ACC-${number}` },
    status: 'available',
    type: specimenTypes[kind],
    subject: person.subject,
    receivedTime: dateTime(visit.start + 7_200_000),
    collection: {
      collector: visit.clinician,
      collectedDateTime: dateTime(visit.start + 1_200_000),
      ...(kind === 'urine'
        ? {}
        : { bodySite: snomed('368209003', 'Right upper arm structure (body structure)', 'Right arm') }),
    },
    condition: [concept('http://terminology.hl7.org/CodeSystem/v2-0493', 'ROOM', 'Room temperature')],
  })
}

function writeOrder(person: Person, visit: Visit, code: Concept): Reference {
  return person.chart.add('ServiceRequest', ['us-core-servicerequest'], {
    status: 'completed',
    intent: 'order',
    category: [snomed('108252007', 'Laboratory procedure (procedure)')],
    code,
    subject: person.subject,
    encounter: visit.encounter,
    occurrencePeriod: { start: dateTime(visit.start), end: dateTime(visit.end) },
    authoredOn: dateTime(visit.start),
    requester: visit.clinician,
    reasonCode: [snomed('225885004', 'Health assessment (procedure)')],
  })
}

function writePanel(person: Person, visit: Visit, panel: Panel) {
  const code = loinc(panel.code, panel.name)
  const order = writeOrder(person, visit, code)
  const results = writeTests(person, visit, panel.specimen, panel.tests)
  writeReport(person, visit, code, results, order)
  return results
}

function writeTests(person: Person, visit: Visit, kind: 'serum' | 'blood', tests: readonly LaboratoryTest[]) {
  const specimen = writeSpecimen(person, visit, kind)
  return tests.map((test) => writeTest(person, visit, specimen, test))
}

const interpretations = {
  L: concept(systems.interpretation, 'L', 'Low'),
  N: concept(systems.interpretation, 'N', 'Normal'),
  H: concept(systems.interpretation, 'H', 'High'),
}

/** The number a laboratory gives, how it reads it, and its range. */
export function measured([, , , unit, low, high, decimals]: LaboratoryTest, value: number): Body {
  const flag = value < low ? 'L' : value > high ? 'H' : 'N'
  return {
    valueQuantity: quantity(rounded(value, decimals), unit),
    interpretation: [interpretations[flag]],
    referenceRange: [{ low: quantity(low, unit), high: quantity(high, unit), text: `${low} - ${high} ${unit}` }],
  }
}

function writeTest(person: Person, visit: Visit, specimen: Reference, test: LaboratoryTest): Reference {
  const isLost = person.cast !== undefined && test[0] === '2075-0' && visit.index % 2 === 0
  const result = isLost
    ? { dataAbsentReason: absent('error', 'Error'), note: [{ text: 'Sample was hemolyzed' }] }
    : measured(test, levelOf(person, visit, test))
  return writeObservation(person, visit, {
    profiles: ['us-core-observation-lab'],
    categories: laboratory,
    code: loinc(test[0], test[1], test[2]),
    says: { ...result, specimen },
    at: visit.start + 1_200_000,
  })
}

/** Each patient has a level of their own; ailments push it, and years of treatment bring it back. */
function levelOf(person: Person, visit: Visit, [code, , , , low, high]: LaboratoryTest): number {
  const { random, number, ailments } = person
  const own = ((number * 31 + Number(code.slice(0, -2))) % 100) / 100
  const middle = low + (high - low) * (0.3 + 0.4 * own)
  const level = middle + random.around(0, (high - low) * 0.08)
  const easing = Math.max(0.3, 1 - visit.index * 0.03)
  const push = pushes[code]
  return push && suffers(ailments, push[0], visit.start) ? level + (high - low) * push[1] * easing : level
}

/** Which ailment moves which test, by how many widths of its range. */
const pushes: Readonly<Record<string, readonly [snomed: string, widths: number]>> = {
  '2345-7': ['44054006', 2.2],
  '4548-4': ['44054006', 2],
  '2160-0': ['433144002', 1.2],
  '3094-0': ['433144002', 1.1],
  '33914-3': ['433144002', -0.9],
  '2093-3': ['55822004', 0.9],
  '13457-7': ['55822004', 0.9],
  '2571-8': ['55822004', 0.7],
  '3016-3': ['40930008', 1.3],
}

function writeUrinalysis(person: Person, visit: Visit) {
  const code = loinc('24356-8', 'Urinalysis complete panel - Urine')
  const specimen = writeSpecimen(person, visit, 'urine')
  const results = qualitativeTests.map(({ code, values }) =>
    writeObservation(person, visit, {
      profiles: ['us-core-observation-lab'],
      categories: laboratory,
      code,
      says: { ...person.random.pick(values), specimen },
      at: visit.start + 1_200_000,
    }),
  )
  writeReport(person, visit, code, results)
  return results
}

const reportCategory = concept('http://terminology.hl7.org/CodeSystem/v2-0074', 'LAB', 'Laboratory')

function writeReport(person: Person, visit: Visit, code: Concept, result: readonly Reference[], order?: Reference) {
  person.chart.add('DiagnosticReport', ['us-core-diagnosticreport-lab'], {
    ...(order && atLeast(person.version, '5.0.1') ? { basedOn: [order] } : {}),
    status: 'final',
    category: [reportCategory],
    code,
    subject: person.subject,
    encounter: visit.encounter,
    effectiveDateTime: dateTime(visit.start + 1_200_000),
    issued: instant(visit.start + 10_800_000),
    performer: [visit.clinician, laboratoryOrganization],
    resultsInterpreter: [visit.clinician],
    result,
  })
}
