import { dayMs, instant, officeHours } from '../calendar.ts'
import { concept } from '../coding.ts'
import type { Person, Visit } from '../life/index.ts'

/** The next visit of the living is booked; it lies after the reference date. */
export function writeAppointment(person: Person, visit: Visit) {
  if (!visit.isLast || person.death !== undefined || person.number % 3 === 2) return
  const start = officeHours(person.end + person.random.whole(5, 90) * dayMs, person.random.next())
  person.chart.add('Appointment', [], {
    status: 'booked',
    appointmentType: concept(
      'http://terminology.hl7.org/CodeSystem/v2-0276',
      'FOLLOWUP',
      'A follow up visit from a previous appointment',
    ),
    start: instant(start),
    end: instant(start + 1_800_000),
    minutesDuration: 30,
    participant: [
      { actor: person.subject, required: 'required', status: 'accepted' },
      { actor: visit.clinician, required: 'required', status: 'accepted' },
      { actor: visit.site.location, status: 'accepted' },
    ],
  })
}
