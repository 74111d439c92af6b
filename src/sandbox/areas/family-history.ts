import { date } from '../calendar.ts'
import { concept, systems } from '../coding.ts'
import { chronicConditions } from '../facts/conditions.ts'
import { happens, type Person, type Visit } from '../life/index.ts'

/** What mother or father had, asked at the first visit. */
export function writeFamilyHistory(person: Person, visit: Visit) {
  if (!happens(person, 0.4)) return
  const isMother = person.random.chance(0.5)
  const fact = chronicConditions[person.number % 3]
  if (!fact) return
  person.chart.add('FamilyMemberHistory', [], {
    status: 'completed',
    patient: person.subject,
    date: date(visit.start),
    relationship: isMother ? concept(systems.roleCode, 'MTH', 'mother') : concept(systems.roleCode, 'FTH', 'father'),
    sex: concept(
      'http://hl7.org/fhir/administrative-gender',
      isMother ? 'female' : 'male',
      isMother ? 'Female' : 'Male',
    ),
    condition: [{ code: fact.code, onsetAge: { value: 52, unit: 'a', system: systems.ucum, code: 'a' } }],
  })
}
