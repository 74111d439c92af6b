import { dateTime } from '../calendar.ts'
import { type Body, type Concept, concept, snomed, systems } from '../coding.ts'
import { ageAt, type Person, type PlannedVisit, siteOf, type Visit, type VisitKind } from '../life/index.ts'
import { atLeast } from '../us-core.ts'
import { interpreterNeeded } from './patient.ts'

interface Shape {
  readonly class: readonly [code: string, display: string]
  readonly type: Concept
}
// biome-ignore format: one kind a line
const shapes: Readonly<Record<VisitKind, Shape>> = {
  wellness: { class: ['AMB', 'ambulatory'], type: snomed('185349003', 'Encounter for check up (procedure)') },
  'follow-up': { class: ['AMB', 'ambulatory'], type: snomed('390906007', 'Follow-up encounter (procedure)') },
  acute: { class: ['AMB', 'ambulatory'], type: snomed('185345009', 'Encounter for symptom (procedure)') },
  prenatal: { class: ['AMB', 'ambulatory'], type: snomed('185347001', 'Encounter for problem (procedure)') },
  emergency: { class: ['EMER', 'emergency'], type: snomed('4525004', 'Emergency department patient visit (procedure)') },
  inpatient: { class: ['IMP', 'inpatient encounter'], type: snomed('308335008', 'Patient encounter procedure (procedure)') },
}

/** Writes the Encounter first: what happens during the visit points to it. */
export function openVisit(person: Person, planned: PlannedVisit, index: number, isLast: boolean): Visit {
  const { chart, random, id, subject, version } = person
  const { kind, start, end } = planned
  const shape = shapes[kind]
  const site = siteOf(person, kind, ageAt(person, start))
  const clinician = random.pick(site.clinicians)
  const period = { start: dateTime(start), end: dateTime(end) }
  const interpreter = atLeast(version, '8.0.0') && index % 7 === 0
  const encounter = chart.add('Encounter', ['us-core-encounter'], {
    ...(interpreter ? { extension: [interpreterNeeded(person.name.language !== 'en')] } : {}),
    identifier: [{ use: 'official', system: 'urn:charthouse:sandbox:visit', value: `V-${id}-${index + 1}` }],
    status: 'finished',
    class: { system: systems.actCode, code: shape.class[0], display: shape.class[1] },
    type: [shape.type],
    subject,
    participant: [{ type: [attender], period, individual: clinician }],
    period,
    ...reason(person, planned),
    ...(kind === 'inpatient' ? { hospitalization: hospitalization(person, planned) } : {}),
    location: [{ location: site.location, status: 'completed' }],
    serviceProvider: site.organization,
  })
  return { ...planned, site, encounter, clinician, age: ageAt(person, start), index, isLast }
}

const attender = concept('http://terminology.hl7.org/CodeSystem/v3-ParticipationType', 'ATND', 'attender')

/** Conditions known before the visit are pointed to; anything else is said in a code. */
function reason({ problems, diagnoses, version }: Person, { kind, about }: PlannedVisit): Body {
  const known = [...problems.slice(-1), ...diagnoses.slice(-1)]
  if (kind === 'follow-up' && known.length > 0) {
    const named = version === '4.0.0' ? known.slice(-1) : known // US Core 4.0.0 allows one
    return { reasonReference: named.map(({ condition }) => condition) }
  }
  const purpose = kind === 'follow-up' ? renewal : checkUp
  return { reasonCode: [about?.code ?? purpose] }
}

const checkUp = snomed('225885004', 'Health assessment (procedure)')
const renewal = snomed('170922004', 'Repeat prescription monitoring (regime/therapy)')

const dispositions = 'http://terminology.hl7.org/CodeSystem/discharge-disposition'

function hospitalization({ death }: Person, { end }: PlannedVisit): Body {
  const died = death !== undefined && death - end < 8 * 86_400_000
  return {
    admitSource: concept(
      'http://terminology.hl7.org/CodeSystem/admit-source',
      'emd',
      'From accident/emergency department',
    ),
    dischargeDisposition: died ? concept(dispositions, 'exp', 'Expired') : concept(dispositions, 'home', 'Home'),
  }
}
