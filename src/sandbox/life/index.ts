export { coverCast, coverTag } from './cast.ts'
export { ageAt, type Drawing, drawPerson, happens, type Person, type Problem } from './person.ts'
export { type PlannedVisit, planVisits, siteOf, type Visit, type VisitKind } from './visits.ts'
