import { resourceLine } from '../chart.ts'
import { concept, systems } from '../coding.ts'
import type { UsCore } from '../us-core.ts'
import { postalAddress } from './organizations.ts'
import { organizationReference, organizations } from './sites.ts'

/** Id, name, organization, kind of place and where it is on the map. */
// biome-ignore format: one place a line
const places = [
  ['location-1', 'Harborview Family Medicine, examination rooms', 'clinic-1', 'PC', 'Primary care clinic', 42.3386, -71.0723],
  ['location-2', 'Blackstone Primary Care', 'clinic-2', 'PC', 'Primary care clinic', 42.2626, -71.8023],
  ['location-3', 'Merrimack Valley Pediatrics', 'clinic-3', 'PEDC', 'Pediatrics clinic', 42.6334, -71.3162],
  ['location-4', 'Bay Colony General Hospital, medical ward', 'hospital-1', 'HU', 'Hospital unit', 42.3467, -71.0972],
  ['location-5', 'Bay Colony General Hospital, emergency department', 'hospital-1', 'ER', 'Emergency room', 42.3469, -71.0975],
] as const

export function* locationLines(version: UsCore): Generator<string> {
  for (const [id, name, organizationId, code, display, latitude, longitude] of places) {
    const organization = organizations.find(({ id }) => id === organizationId)
    yield resourceLine(version, 'Location', id, ['us-core-location'], {
      identifier: [{ system: 'urn:charthouse:sandbox:location', value: id }],
      status: 'active',
      name,
      mode: 'instance',
      type: [concept(systems.roleCode, code, display)],
      ...(organization && {
        telecom: [{ system: 'phone', value: organization.phone, use: 'work' }],
        address: postalAddress(organization.address),
      }),
      position: { longitude, latitude },
      managingOrganization: organizationReference(organizationId),
    })
  }
}
