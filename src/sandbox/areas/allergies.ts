import { date, month } from '../calendar.ts'
import { concept, unknownValue } from '../coding.ts'
import { type AllergyFact, allergies, noKnownAllergy } from '../facts/allergies.ts'
import { happens, type Person, type Visit } from '../life/index.ts'

const clinical = (code: string, display: string) =>
  concept('http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code, display)
const verification = (code: string, display: string) =>
  concept('http://terminology.hl7.org/CodeSystem/allergyintolerance-verification', code, display)

/** At the first visit somebody asks; most people answer "none". */
export function writeAllergies(person: Person, visit: Visit) {
  const { random } = person
  if (!happens(person, 0.3)) return writeNone(person, visit)
  const first = random.whole(0, allergies.length - 1)
  for (const offset of random.chance(0.3) ? [0, 3] : [0]) {
    const fact = allergies[(first + offset) % allergies.length]
    if (fact) writeAllergy(person, visit, fact)
  }
}

function writeNone({ chart, subject }: Person, visit: Visit) {
  chart.add('AllergyIntolerance', ['us-core-allergyintolerance'], {
    clinicalStatus: clinical('active', 'Active'),
    verificationStatus: verification('confirmed', 'Confirmed'),
    code: noKnownAllergy,
    patient: subject,
    recordedDate: date(visit.start),
    recorder: visit.clinician,
  })
}

function writeAllergy({ chart, subject, random, number }: Person, visit: Visit, fact: AllergyFact) {
  // Some remember that there was a reaction, and not which one.
  const manifestation = number % 4 === 0 ? unknownValue : fact.manifestation
  chart.add('AllergyIntolerance', ['us-core-allergyintolerance'], {
    clinicalStatus: clinical('active', 'Active'),
    verificationStatus: random.chance(0.8)
      ? verification('confirmed', 'Confirmed')
      : verification('unconfirmed', 'Unconfirmed'),
    type: 'allergy',
    category: [fact.category],
    criticality: fact.severity === 'severe' ? 'high' : 'low',
    code: fact.code,
    patient: subject,
    encounter: visit.encounter,
    onsetDateTime: month(visit.start),
    recordedDate: date(visit.start),
    recorder: visit.clinician,
    reaction: [{ manifestation: [manifestation], severity: fact.severity }],
  })
}
