import { resourceLine } from '../chart.ts'
import type { UsCore } from '../us-core.ts'
import { npiIdentifier, type Organization, organizations, organizationType } from './sites.ts'

export function* organizationLines(version: UsCore): Generator<string> {
  for (const organization of organizations) {
    yield resourceLine(version, 'Organization', organization.id, ['us-core-organization'], {
      identifier: identifiers(organization),
      active: true,
      type: [organizationType(organization.type)],
      name: organization.name,
      telecom: [{ system: 'phone', value: organization.phone, use: 'work' }],
      address: [postalAddress(organization.address)],
    })
  }
}

function identifiers({ npi, clia, naic }: Organization) {
  return [
    npiIdentifier(npi),
    ...(clia ? [{ system: 'urn:oid:2.16.840.1.113883.4.7', value: clia }] : []),
    ...(naic ? [{ system: 'urn:oid:2.16.840.1.113883.6.300', value: naic }] : []),
  ]
}

export const postalAddress = ([line, city, state, postalCode]: Organization['address']) => ({
  line: [line],
  city,
  state,
  postalCode,
  country: 'US',
})
