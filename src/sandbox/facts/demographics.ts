import { type Body, type Coding, concept, systems } from '../coding.ts'
import { usCoreUrl } from '../us-core.ts'

export interface Category {
  readonly code: string
  readonly extension: Body
}

function category(
  name: 'race' | 'ethnicity',
  code: string,
  display: string,
  detailed?: readonly [string, string],
): Category {
  const coding = (code: string, display: string): Coding => ({ system: systems.race, code, display })
  return {
    code,
    extension: {
      url: `${usCoreUrl}us-core-${name}`,
      extension: [
        { url: 'ombCategory', valueCoding: coding(code, display) },
        ...(detailed ? [{ url: 'detailed', valueCoding: coding(...detailed) }] : []),
        { url: 'text', valueString: display },
      ],
    },
  }
}

const white = category('race', '2106-3', 'White')
export const races: readonly Category[] = [
  white,
  white,
  white,
  white,
  category('race', '2054-5', 'Black or African American'),
  category('race', '2028-9', 'Asian', ['2036-2', 'Filipino']),
  category('race', '1002-5', 'American Indian or Alaska Native', ['1586-7', 'Shoshone']),
  category('race', '2076-8', 'Native Hawaiian or Other Pacific Islander'),
]

const notHispanic = category('ethnicity', '2186-5', 'Not Hispanic or Latino')
export const ethnicities: readonly Category[] = [
  notHispanic,
  notHispanic,
  notHispanic,
  category('ethnicity', '2135-2', 'Hispanic or Latino', ['2148-5', 'Mexican']),
]

const tribalEntities = 'http://terminology.hl7.org/CodeSystem/v3-TribalEntityUS'
export const tribe: Body = {
  url: `${usCoreUrl}us-core-tribal-affiliation`,
  extension: [
    {
      url: 'tribalAffiliation',
      valueCodeableConcept: concept(
        tribalEntities,
        '187',
        'Paiute-Shoshone Tribe of the Fallon Reservation and Colony, Nevada',
        'Shoshone',
      ),
    },
    { url: 'isEnrolled', valueBoolean: false },
  ],
}
