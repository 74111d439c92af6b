import { instant } from '../calendar.ts'
import { concept, type Reference } from '../coding.ts'
import type { Person } from '../life/index.ts'
import type { Site } from '../shared/sites.ts'

const agent = (code: string, display: string) =>
  concept('http://terminology.hl7.org/CodeSystem/provenance-participant-type', code, display)
const author = agent('author', 'Author')
const transmitter = concept(
  'http://hl7.org/fhir/us/core/CodeSystem/us-core-provenance-participant-type',
  'transmitter',
  'Transmitter',
)

/** Says who wrote everything since the last one: https://hl7.org/fhir/us/core/basic-provenance.html */
export function writeProvenance({ chart }: Person, at: number, site: Site, clinician: Reference | undefined) {
  const target = chart.unsigned()
  const organization = site.organization
  const who = clinician ? [clinician, organization] : [organization]
  chart.add('Provenance', ['us-core-provenance'], {
    target,
    recorded: instant(at),
    activity: concept('http://terminology.hl7.org/CodeSystem/v3-DataOperation', 'CREATE', 'create'),
    agent: [
      ...who.map((each) => ({ type: author, who: each, onBehalfOf: organization })),
      { type: transmitter, who: organization, onBehalfOf: organization },
    ],
  })
}
