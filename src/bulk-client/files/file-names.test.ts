import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileNames } from './file-names.ts'

test('fileNames() numbers the files of each kind and type', () => {
  const nameOf = fileNames(undefined)
  const names = [
    nameOf({ kind: 'output', type: 'Patient' }),
    nameOf({ kind: 'output', type: 'Patient' }),
    nameOf({ kind: 'deleted', type: 'Bundle' }),
    nameOf({ kind: 'error', type: undefined }),
    nameOf({ kind: 'output', type: 'patient' }), // the same file to some file systems
  ]
  assert.deepEqual(names, [
    'Patient.1.ndjson',
    'Patient.2.ndjson',
    'deleted.Bundle.1.ndjson',
    'error.resources.1.ndjson',
    'patient.3.ndjson',
  ])
})

for (const type of ['../x', 'a/b', 'a\\b', '', '.', 'a\0', 'a'.repeat(65), 'CON.', 'a b']) {
  test(`fileNames() takes nothing from the type ${JSON.stringify(type)}`, () => {
    assert.equal(fileNames(undefined)({ kind: 'output', type }), 'resources.1.ndjson')
  })
}

for (const [format, name] of [
  ['application/fhir+ndjson', 'Patient.1.ndjson'],
  ['text/csv', 'Patient.1.csv'],
  ['application/vnd.apache.parquet', 'Patient.1.parquet'],
  ['../../x', 'Patient.1.out'],
] as const) {
  test(`fileNames() names files of ${format}`, () => {
    assert.equal(fileNames(format)({ kind: 'output', type: 'Patient' }), name)
  })
}
