import { date, dateTime, yearMs } from '../calendar.ts'
import { type Body, type Concept, concept, unknownPrimitive } from '../coding.ts'
import { type Dose, schedule, vaccines } from '../facts/vaccines.ts'
import type { Person, PlannedVisit, Visit } from '../life/index.ts'

const monthMs = yearMs / 12
const dueAt = (person: Person, { months }: Dose) => person.birth + months * monthMs

/** Doses from before this practice's records, as told or copied from a card. */
export function writeEarlierImmunizations(person: Person, firstVisit: PlannedVisit | undefined) {
  const before = firstVisit ? firstVisit.start : person.end
  for (const dose of schedule) {
    const at = dueAt(person, dose)
    if (at > before - 20 * 86_400_000) return
    const isForgotten = dose.months > 200 && person.random.chance(0.2)
    person.chart.add('Immunization', ['us-core-immunization'], {
      status: 'completed',
      vaccineCode: dose.vaccine,
      patient: person.subject,
      occurrenceDateTime: date(at),
      ...(isForgotten || (person.cast && dose.months === 0)
        ? { _primarySource: unknownPrimitive }
        : { primarySource: false }),
      reportOrigin: concept('http://terminology.hl7.org/CodeSystem/immunization-origin', 'provider', 'Other Provider'),
    })
  }
}

/** Doses that have fallen due since the last visit, and a shot against influenza in autumn. */
export function writeImmunizations(person: Person, visit: Visit, since: number) {
  if (visit.kind !== 'wellness' && visit.kind !== 'follow-up') return
  for (const dose of schedule) {
    const at = dueAt(person, dose)
    if (at > since && at <= visit.start) write(person, visit, dose.vaccine, true)
  }
  const isAutumn = new Date(visit.start).getUTCMonth() >= 8
  if (visit.age > 0.5 && (isAutumn || person.cast)) {
    write(person, visit, vaccines.influenza, person.cast ? visit.index % 5 !== 2 : person.random.chance(0.85))
  }
}

function write(person: Person, visit: Visit, vaccineCode: Concept, isGiven: boolean) {
  const { chart, random, subject } = person
  const lot = `L${random.whole(10_000, 99_999)}`
  const given: Body = {
    lotNumber: lot,
    expirationDate: date(visit.start + yearMs),
    site: concept('http://terminology.hl7.org/CodeSystem/v3-ActSite', 'LA', 'left arm'),
    route: concept('http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration', 'IM', 'Injection, intramuscular'),
    performer: [
      {
        function: concept('http://terminology.hl7.org/CodeSystem/v2-0443', 'AP', 'Administering Provider'),
        actor: visit.clinician,
      },
    ],
  }
  const refused: Body = {
    statusReason: concept('http://terminology.hl7.org/CodeSystem/v3-ActReason', 'PATOBJ', 'patient objection'),
  }
  chart.add('Immunization', ['us-core-immunization'], {
    status: isGiven ? 'completed' : 'not-done',
    ...(isGiven ? {} : refused),
    vaccineCode,
    patient: subject,
    encounter: visit.encounter,
    occurrenceDateTime: dateTime(visit.end - 300_000),
    primarySource: true,
    location: visit.site.location,
    ...(isGiven ? given : {}),
  })
}
