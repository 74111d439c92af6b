import { date, yearMs } from '../calendar.ts'
import { concept, loinc, observationCategory, quantity, snomed, systems } from '../coding.ts'
import { occupations } from '../facts/occupations.ts'
import { happens, type Person, type Visit } from '../life/index.ts'
import { hasProfile } from '../us-core.ts'
import { writeObservation } from './observation.ts'

const categories = [observationCategory('social-history')]

export function writeSocialHistory(person: Person, visit: Visit) {
  if (visit.kind === 'prenatal') return writePregnancy(person, visit, true)
  if (visit.kind !== 'wellness' || visit.age < 15) return
  if (visit.index % 2 === 0) writeSmoking(person, visit)
  if (visit.index % 4 === 0) writeOccupation(person, visit)
  if (visit.isLast || happens(person, 0.1)) writeSexualOrientation(person, visit)
  if (person.sex === 'female' && visit.age < 50) {
    if (happens(person, 0.3)) writePregnancy(person, visit, false)
    if (happens(person, 0.2)) writePregnancyIntent(person, visit)
  }
}

const smokingValues = {
  never: snomed('266919005', 'Never smoked tobacco (finding)', 'Never smoker'),
  former: snomed('8517006', 'Ex-smoker (finding)', 'Former smoker'),
  current: snomed('449868002', 'Smokes tobacco daily (finding)', 'Current every day smoker'),
}

function writeSmoking(person: Person, visit: Visit) {
  writeObservation(person, visit, {
    profiles: ['us-core-smokingstatus'],
    categories,
    code: loinc('72166-2', 'Tobacco smoking status'),
    says: { valueCodeableConcept: smokingValues[person.smoking] },
  })
  // Pack-years came with 7.0.0, whose value set of codes names them.
  if (!hasProfile(person.version, 'us-core-average-blood-pressure') || visit.index % 4 !== 0) return
  if (person.smoking === 'never' && !person.cast) return
  writeObservation(person, visit, {
    profiles: ['us-core-smokingstatus'],
    categories,
    code: snomed('401201003', 'Cigarette pack-years (observable entity)'),
    says: {
      valueQuantity: quantity(person.smoking === 'never' ? 0 : person.random.whole(2, 30), 'pack-years', '{PackYears}'),
    },
  })
}

function writeOccupation(person: Person, visit: Visit) {
  if (!hasProfile(person.version, 'us-core-observation-occupation') || visit.age < 20) return
  const occupation = occupations[person.number % occupations.length]
  if (!occupation) return
  writeObservation(person, visit, {
    profiles: ['us-core-observation-occupation'],
    categories,
    code: loinc('11341-5', 'History of Occupation'),
    effective: { effectivePeriod: { start: date(person.birth + 20 * yearMs) } },
    says: {
      valueCodeableConcept: occupation.occupation,
      component: [
        { code: loinc('86188-0', 'History of Occupation industry'), valueCodeableConcept: occupation.industry },
      ],
    },
  })
}

function writePregnancy(person: Person, visit: Visit, isPregnant: boolean) {
  if (!hasProfile(person.version, 'us-core-observation-pregnancystatus')) return
  writeObservation(person, visit, {
    profiles: ['us-core-observation-pregnancystatus'],
    categories,
    code: loinc('82810-3', 'Pregnancy status'),
    says: {
      valueCodeableConcept: isPregnant
        ? snomed('77386006', 'Pregnant (finding)')
        : snomed('60001007', 'Not pregnant (finding)'),
    },
  })
}

function writePregnancyIntent(person: Person, visit: Visit) {
  if (!hasProfile(person.version, 'us-core-observation-pregnancyintent')) return
  writeObservation(person, visit, {
    profiles: ['us-core-observation-pregnancyintent'],
    categories,
    code: loinc('86645-9', 'Pregnancy intention in the next year - Reported'),
    says: { valueCodeableConcept: snomed('454411000124108', 'Not sure of desire to become pregnant (finding)') },
  })
}

const orientations = [
  snomed('20430005', 'Heterosexual (finding)'),
  snomed('20430005', 'Heterosexual (finding)'),
  snomed('20430005', 'Heterosexual (finding)'),
  snomed('38628009', 'Homosexual (finding)'),
  snomed('42035005', 'Bisexual (finding)'),
  concept('http://terminology.hl7.org/CodeSystem/v3-NullFlavor', 'ASKU', 'asked but unknown'),
]

function writeSexualOrientation(person: Person, visit: Visit) {
  if (!hasProfile(person.version, 'us-core-observation-sexual-orientation') || visit.age < 18) return
  writeObservation(person, visit, {
    profiles: ['us-core-observation-sexual-orientation', 'us-core-observation-social-history'],
    categories,
    code: concept(systems.loinc, '76690-7', 'Sexual orientation'),
    says: { valueCodeableConcept: person.random.pick(orientations) },
  })
}
