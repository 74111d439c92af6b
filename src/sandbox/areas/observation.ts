import { dateTime, instant } from '../calendar.ts'
import type { Body, Concept, Reference } from '../coding.ts'
import type { Person, Visit } from '../life/index.ts'

export interface Finding {
  readonly profiles: readonly string[]
  readonly categories: readonly Concept[]
  readonly code: Concept
  /** The value element, `dataAbsentReason`, components, members and whatever else there is to say. */
  readonly says: Body
  /** When it was seen, unless at the beginning of the visit. */
  readonly at?: number
  /** Instead of a moment, an element of its own. */
  readonly effective?: Body
  readonly performer?: Reference
}

/** An Observation made during a visit. */
export function writeObservation(person: Person, visit: Visit, finding: Finding): Reference {
  const at = finding.at ?? visit.start + 600_000
  return person.chart.add('Observation', finding.profiles, {
    status: 'final',
    category: finding.categories,
    code: finding.code,
    subject: person.subject,
    encounter: visit.encounter,
    ...(finding.effective ?? { effectiveDateTime: dateTime(at) }),
    issued: instant(at + 900_000),
    performer: [finding.performer ?? visit.clinician],
    ...finding.says,
  })
}
