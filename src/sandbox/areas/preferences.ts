import { dateTime } from '../calendar.ts'
import { concept, loinc, type Reference, snomed, systems } from '../coding.ts'
import { happens, type Person, type Visit } from '../life/index.ts'
import { hasProfile, usCoreUrl } from '../us-core.ts'
import { clinicalNote, writeDocument, writeScan } from './notes.ts'
import { writeObservation } from './observation.ts'

/** What somebody wishes for their care (7.0.0), and the papers that say so (8.0.0). */
export function writePreferences(person: Person, visit: Visit) {
  const { version } = person
  if (visit.kind !== 'wellness' || visit.age < 18 || !happens(person, 0.12)) return
  if (hasProfile(version, 'us-core-treatment-intervention-preference')) writeWishes(person, visit)
  if (hasProfile(version, 'us-core-adi-documentreference')) writeDirective(person, visit)
}

const category = (code: string, display: string) => [concept(systems.usCoreCategory, code, display)]

function writeWishes(person: Person, visit: Visit) {
  const inWords = visit.index % 2 === 0
  writeObservation(person, visit, {
    profiles: ['us-core-treatment-intervention-preference'],
    categories: category('treatment-intervention-preference', 'Treatment Intervention Preference'),
    code: loinc('75773-2', 'Goals, preferences, and priorities for medical treatment Narrative - Reported'),
    says: inWords
      ? { valueString: 'No resuscitation when there is no hope of going home' }
      : { valueCodeableConcept: snomed('304253006', 'Not for resuscitation (finding)') },
    performer: person.subject,
  })
  writeObservation(person, visit, {
    profiles: ['us-core-care-experience-preference'],
    categories: category('care-experience-preference', 'Care Experience Preference'),
    code: loinc('95541-9', 'Care experience preference'),
    says: inWords
      ? { valueString: 'Family present when news is told' }
      : { valueCodeableConcept: { text: 'Prefers quiet and a window' } },
    performer: person.subject,
  })
}

const directives = concept(systems.loinc, '42348-3', 'Advance healthcare directives')
const livingWill = loinc('86533-7', 'Patient Living will')

/** https://hl7.org/fhir/us/core/StructureDefinition-us-core-adi-documentreference.html: it satisfies both profiles. */
function writeDirective(person: Person, visit: Visit) {
  const attachment = writeScan(person, visit, livingWill, [
    'I name my health care agent.',
    'Signed before two witnesses.',
  ])
  const document = writeDocument(person, visit, {
    profiles: ['us-core-adi-documentreference', 'us-core-documentreference'],
    type: livingWill,
    categories: [directives, clinicalNote],
    attachment,
    extension: [{ url: `${usCoreUrl}us-core-authentication-time`, valueDateTime: dateTime(visit.end) }],
  })
  writeCompletion(person, visit, document)
}

function writeCompletion(person: Person, visit: Visit, document: Reference) {
  writeObservation(person, visit, {
    profiles: ['us-core-observation-adi-documentation'],
    categories: category('observation-adi-documentation', 'Observation ADI Documentation'),
    code: loinc('45473-6', 'Advance healthcare directive completed'),
    says: {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/workflow-supportingInfo', valueReference: document }],
      valueCodeableConcept: snomed('373066001', 'Yes (qualifier value)'),
    },
  })
}
