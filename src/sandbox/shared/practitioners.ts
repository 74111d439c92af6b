import { resourceLine } from '../chart.ts'
import { concept, systems } from '../coding.ts'
import type { UsCore } from '../us-core.ts'
import { postalAddress } from './organizations.ts'
import {
  type Clinician,
  clinicianReference,
  clinicians,
  npiIdentifier,
  organizationReference,
  organizations,
} from './sites.ts'

export function* practitionerLines(version: UsCore): Generator<string> {
  yield resourceLine(version, 'Endpoint', 'endpoint-1', [], directEndpoint)
  for (const clinician of clinicians) yield practitionerLine(version, clinician)
}

/** After the Locations, which the roles name. */
export function* practitionerRoleLines(version: UsCore): Generator<string> {
  for (const clinician of clinicians) yield roleLine(version, clinician)
}

const directEndpoint = {
  status: 'active',
  connectionType: {
    system: 'http://terminology.hl7.org/CodeSystem/endpoint-connection-type',
    code: 'direct-project',
    display: 'Direct Project',
  },
  name: 'Direct messages of Harborview Family Medicine',
  payloadType: [concept('http://terminology.hl7.org/CodeSystem/endpoint-payload-type', 'any', 'Any')],
  address: 'mailto:care@direct.harborview.test',
}

const email = ({ given, family }: Clinician) => `${given}.${family}@clinicians.test`.toLowerCase()

function practitionerLine(version: UsCore, clinician: Clinician) {
  const home = organizations.find((organization) => organization.id === clinician.organization)
  return resourceLine(version, 'Practitioner', clinician.id, ['us-core-practitioner'], {
    identifier: [npiIdentifier(clinician.npi)],
    active: true,
    name: [{ use: 'official', family: clinician.family, given: [clinician.given], prefix: ['Dr.'] }],
    telecom: [
      ...(home ? [{ system: 'phone', value: home.phone, use: 'work' }] : []),
      { system: 'email', value: email(clinician), use: 'work' },
    ],
    ...(home ? { address: [{ use: 'work', ...postalAddress(home.address) }] } : {}),
    gender: clinician.gender,
  })
}

function roleLine(version: UsCore, clinician: Clinician) {
  const [code, display] = clinician.specialty
  const location = locationOf[clinician.organization]
  return resourceLine(
    version,
    'PractitionerRole',
    clinician.id.replace('practitioner', 'role'),
    ['us-core-practitionerrole'],
    {
      active: true,
      practitioner: clinicianReference(clinician),
      organization: organizationReference(clinician.organization),
      code: [concept(systems.nucc, code, display)],
      specialty: [concept(systems.nucc, code, display)],
      ...(location ? { location: [{ reference: `Location/${location}` }] } : {}),
      telecom: [{ system: 'email', value: email(clinician), use: 'work' }],
      endpoint: [{ reference: 'Endpoint/endpoint-1' }],
    },
  )
}

const locationOf: Readonly<Record<string, string>> = {
  'clinic-1': 'location-1',
  'clinic-2': 'location-2',
  'clinic-3': 'location-3',
  'hospital-1': 'location-4',
}
