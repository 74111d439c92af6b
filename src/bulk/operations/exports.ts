import { ownershipOf } from '#fhir'
import type { Operation } from '#rest'
import { exportParameters } from './export-parameters.ts'

const guide = 'http://hl7.org/fhir/uv/bulkdata'

/** What the API is an instance of with these operations. */
export const instantiates = [`${guide}/CapabilityStatement/bulk-data`]

const alike = {
  code: 'export',
  affectsState: false,
  isKickOff: true,
  readsEntries: true,
  parameters: exportParameters,
  out: {},
} as const

const ways =
  'It answers 202 with the address of the status in Content-Location; the status says how far it is and in the end where the files are (NDJSON).'

/** The operations as they are described; `exportOperations` lets them run. */
export const exports: readonly Omit<Operation, 'run'>[] = [
  {
    ...alike,
    definition: `${guide}/OperationDefinition/export`,
    documentation: `Exports everything that the access token allows, whether it is a patient's or not. ${ways}`,
    on: ['system'],
    resources: [],
    examples: ['GET $export', 'GET $export?_type=Patient,Observation&_since=2026-01-31T12:00:00Z'],
  },
  {
    ...alike,
    alsoListedAs: 'patient-export',
    definition: `${guide}/OperationDefinition/patient-export`,
    documentation: `Exports the records of all patients, and the shared resources. ${ways}`,
    on: ['type'],
    resources: ['Patient'],
    examples: ['GET Patient/$export?_typeFilter=Observation%3Fcategory%3Dlaboratory'],
  },
  {
    ...alike,
    alsoListedAs: 'group-export',
    definition: `${guide}/OperationDefinition/group-export`,
    documentation: `Exports the records of the members of a Group, those of its groups too, and what they refer to. ${ways}`,
    on: ['instance'],
    resources: ['Group'],
    examples: ['GET Group/diabetes/$export?includeAssociatedData=LatestProvenanceResources'],
  },
]

/** A type that can be read and not exported is said to be (bulk.md C4). */
export function notExported(type: string): readonly object[] {
  if (ownershipOf(type)?.class !== 'audit') return []
  return exports.map(({ definition }) => ({
    url: `${guide}/Extension/operation-not-supported`,
    valueCanonical: definition,
  }))
}
