import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import { fileAddress, fileNameOf } from './addresses.ts'

for (const [dialect, kind, type, name] of [
  ['standard', 'output', 'MedicationRequest', 'MedicationRequest-2.ndjson'],
  ['standard', 'deleted', 'Bundle', 'deleted-2.ndjson'],
  ['standard', 'error', 'OperationOutcome', 'error-2.ndjson'],
  ['modmed', 'output', 'MedicationRequest', 'medicationrequest_2.ndjson'],
  ['integra', 'error', 'OperationOutcome', 'error_file_2.ndjson'],
] as const) {
  test(`fileNameOf() names file 2 of ${kind} ${type} as ${dialect} does: ${name}`, () => {
    assert.equal(fileNameOf(dialects[dialect].export, { kind, type }, 2), name)
  })
}

for (const [dialect, ticket, address] of [
  ['standard', undefined, 'http://h/p/fhir/r4/$export-file/e1/Patient-1.ndjson'],
  ['standard', 'x.y', 'http://h/p/fhir/r4/$export-file/e1/Patient-1.ndjson?ticket=x.y'],
  ['modmed', 'x.y', 'http://h/p/ema/p/e1/Patient-1.ndjson?ticket=x.y'],
  [
    'integra',
    'x.y',
    'http://h/p/MoBulkDownload/downloadNDJSON?objectId=e1&resource=Patient&fileName=Patient-1.ndjson&ticket=x.y',
  ],
] as const) {
  test(`fileAddress() of ${dialect}${ticket ? ' with a ticket' : ''}`, () => {
    const practice = { root: 'http://h/p', id: 'p', dialect: dialects[dialect] }
    const exported = { base: 'http://h/p/fhir/r4', id: 'e1' }
    assert.equal(fileAddress(practice, exported, { type: 'Patient', name: 'Patient-1.ndjson', ticket }), address)
  })
}
