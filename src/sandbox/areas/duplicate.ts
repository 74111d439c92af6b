import { date } from '../calendar.ts'
import type { Person } from '../life/index.ts'
import { medicalRecordNumber } from './patient.ts'

/** A second record of the same person, merged into the first: https://hl7.org/fhir/R4/patient.html#links */
export function writeDuplicate({ chart, id, number, name, sex, birth, subject, home, cast }: Person) {
  if (cast || number % 13 !== 0) return
  const old = `${id}-merged`
  chart.put('Patient', old, ['us-core-patient'], {
    identifier: [medicalRecordNumber(old, number)],
    active: false,
    name: [{ use: 'official', family: name.family.toUpperCase(), given: name.given.slice(0, 1) }],
    gender: sex,
    birthDate: date(birth),
    managingOrganization: home.organization,
    link: [{ other: subject, type: 'replaced-by' }],
  })
}
