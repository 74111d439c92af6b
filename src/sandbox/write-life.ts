import { writeAllergies } from './areas/allergies.ts'
import { writeAppointment } from './areas/appointments.ts'
import { writeCarePlan, writeCareTeam } from './areas/care.ts'
import { writeClinicalResults } from './areas/clinical-results.ts'
import { writeConditions, writeMistake } from './areas/conditions.ts'
import { writeCoverage } from './areas/coverage.ts'
import { writeDevice } from './areas/devices.ts'
import { writeDuplicate } from './areas/duplicate.ts'
import { openVisit } from './areas/encounters.ts'
import { writeFamilyHistory } from './areas/family-history.ts'
import { writeEarlierImmunizations, writeImmunizations } from './areas/immunizations.ts'
import { writeLaboratory } from './areas/laboratory.ts'
import { writeMedications } from './areas/medications.ts'
import { writeNotes } from './areas/notes.ts'
import { writePatient } from './areas/patient.ts'
import { writePreferences } from './areas/preferences.ts'
import { writeProcedures } from './areas/procedures.ts'
import { writeProvenance } from './areas/provenance.ts'
import { writeRelatedPeople } from './areas/related-people.ts'
import { writeScreenings } from './areas/screenings.ts'
import { writeSocialHistory } from './areas/social-history.ts'
import { writeAverageBloodPressure, writeVitalSigns } from './areas/vital-signs.ts'
import type { Reference } from './coding.ts'
import { type Drawing, drawPerson, type Person, planVisits, type Visit } from './life/index.ts'

/** A whole life, from the Patient to the last visit; nothing points to what comes later. */
export function* lifeLines(drawing: Drawing): Generator<string> {
  const person = drawPerson(drawing)
  const visits = planVisits(person)
  const related = writeBeginning(person)
  writeEarlierImmunizations(person, visits[0])
  // what was known before the first visit is signed by the organization that took it over
  writeProvenance(person, visits[0]?.start ?? person.end, person.home, undefined)
  yield* person.chart.takeLines()
  let since = visits[0]?.start ?? 0
  for (const [index, planned] of visits.entries()) {
    const visit = openVisit(person, planned, index, index === visits.length - 1)
    writeVisit(person, visit, since, related)
    since = visit.start
    yield* person.chart.takeLines()
  }
}

function writeBeginning(person: Person): readonly Reference[] {
  writePatient(person)
  writeDuplicate(person)
  const related = writeRelatedPeople(person)
  writeCoverage(person)
  return related
}

/** What happens at a visit, in the order of the consultation. */
function writeVisit(person: Person, visit: Visit, since: number, related: readonly Reference[]) {
  if (visit.index === 0) {
    writeCareTeam(person, visit, related)
    writeAllergies(person, visit)
    writeFamilyHistory(person, visit)
  }
  writeVitalSigns(person, visit)
  writeSocialHistory(person, visit)
  writeScreenings(person, visit)
  writePreferences(person, visit)
  const found = writeConditions(person, visit)
  if (visit.kind === 'wellness') writeAverageBloodPressure(person, visit)
  const laboratory = writeLaboratory(person, visit)
  const results =
    visit.kind === 'acute' ||
    visit.kind === 'emergency' ||
    visit.kind === 'inpatient' ||
    (person.cast && visit.index % 3 === 0)
  const clinical = results ? writeClinicalResults(person, visit) : { cardiology: [], radiology: [] }
  writeProcedures(person, visit, found)
  writeDevice(person, visit)
  writeImmunizations(person, visit, since)
  writeMedications(person, visit, found)
  writeCarePlan(person, visit, found)
  writeNotes(person, visit, { ...clinical, pathology: laboratory })
  if (visit.index === 2 && person.number % 11 === 4) writeMistake(person, visit)
  writeAppointment(person, visit)
  writeProvenance(person, visit.end, visit.site, visit.clinician)
}
