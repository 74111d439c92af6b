/** From kick-off to DELETE, as a client goes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateStructure } from '#fhir'
import { begin, ended, exporting, respondAsync } from './exporting.ts'

const operation = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition'

for (const [path, expected] of [
  ['$export', { Condition: 1, Group: 2, Observation: 2, Patient: 2, Practitioner: 1, Provenance: 1 }],
  ['Patient/$export', { Condition: 1, Observation: 2, Patient: 2, Practitioner: 1, Provenance: 1 }],
  ['Group/g1/$export', { Condition: 1, Group: 1, Observation: 1, Patient: 1, Practitioner: 1, Provenance: 1 }],
  ['Group/g2/$export', { Group: 1 }],
] as const) {
  test(`${path} is begun, polled, fetched and deleted`, async () => {
    await using exports = await exporting()
    const { send } = exports
    const token = await exports.token()
    const begun = await send('GET', `/north/fhir/r4/${path}`, token, respondAsync)
    assert.equal(begun.status, 202, begun.text)
    assert.equal(begun.headers['preference-applied'], 'respond-async')
    const status = String(begun.headers['content-location'])
    assert.match(status, /^http:\/\/localhost:8080\/north\/fhir\/r4\/\$export-status\/[0-9a-f]{32}$/)

    const first = await send('GET', status, token, { accept: 'application/json' })
    assert.equal(first.status, 202, first.text)
    assert.equal(first.text, '')
    assert.equal(first.headers['retry-after'], '1')
    assert.ok(String(first.headers['x-progress']).length < 100)

    await exports.work()
    const answer = await ended(exports, status, token)
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.headers['content-type'], 'application/json')
    assert.ok(Date.parse(String(answer.headers.expires)) > Date.now())
    const manifest = answer.json
    assert.match(manifest.transactionTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    assert.equal(manifest.request, `http://localhost:8080/north/fhir/r4/${path}`)
    assert.equal(manifest.requiresAccessToken, true)
    assert.deepEqual([manifest.deleted, manifest.error], [[], []])
    const counts = manifest.output.map(({ type, count }: { type: string; count: number }) => [type, count])
    assert.deepEqual(Object.fromEntries(counts.sort()), expected)

    for (const { type, url, count, fileSize } of manifest.output) {
      const file = await send('GET', url, token, { accept: 'application/fhir+ndjson' })
      assert.equal(file.status, 200, file.text)
      assert.equal(file.headers['content-type'], 'application/fhir+ndjson')
      assert.equal(file.bytes.length, fileSize)
      const lines = file.text.split('\n')
      assert.equal(lines.pop(), '')
      assert.equal(lines.length, count)
      for (const line of lines) assert.equal(JSON.parse(line).resourceType, type)
      assert.equal((await send('GET', url)).status, 401)
    }

    assert.equal((await send('DELETE', status, token)).status, 202)
    for (const [method, address] of [
      ['DELETE', status],
      ['GET', status],
      ['GET', manifest.output[0].url],
    ]) {
      const gone = await send(method, address, token)
      assert.equal(gone.status, 404, `${method} ${address}`)
      assert.equal(gone.json.resourceType, 'OperationOutcome')
    }
  })
}

test('the CapabilityStatement lists exports at each level, under the names that clients look for', async () => {
  await using exports = await exporting()
  const { json } = await exports.app.get(exports.practice, 'metadata')
  assert.ok(json.instantiates.includes('http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data'))
  const named = (operations: readonly { name: string; definition: string }[]) =>
    operations
      .filter(({ definition }) => definition.startsWith(operation))
      .map(({ name, definition }) => [name, definition])
  assert.deepEqual(named(json.rest[0].operation), [['export', `${operation}/export`]])
  for (const [type, id] of [
    ['Patient', 'patient-export'],
    ['Group', 'group-export'],
  ]) {
    const { operation: ofType } = json.rest[0].resource.find((each: { type: string }) => each.type === type)
    assert.deepEqual(named(ofType), [
      ['export', `${operation}/${id}`],
      [id, `${operation}/${id}`],
    ])
  }
  const audit = json.rest[0].resource.find(({ type }: { type: string }) => type === 'AuditEvent')
  assert.deepEqual(
    audit.extension.map(({ valueCanonical }: { valueCanonical: string }) => valueCanonical),
    ['export', 'patient-export', 'group-export'].map((id) => `${operation}/${id}`),
    'C4',
  )
  const token = await exports.token()
  for (const id of ['export', 'patient-export', 'group-export']) {
    const definition = await exports.app.get(exports.practice, `OperationDefinition/${id}`, token)
    assert.equal(definition.status, 200, definition.text)
    assert.deepEqual(validateStructure(definition.json), [])
  }
})

test('exports of an app are listed for it alone', async () => {
  await using exports = await exporting()
  const { send } = exports
  const [mine, others] = [await exports.token(), await exports.token('system/*.rs', { client: 'another' })]
  const status = await begin(exports, 'Patient/$export?_type=Patient', mine)
  const list = await send('GET', '/north/fhir/r4/$export-status', mine)
  assert.equal(list.status, 200, list.text)
  const [one, ...rest] = list.json.exports
  assert.equal(rest.length, 0)
  assert.equal(one.status, status)
  assert.equal(one.request, 'http://localhost:8080/north/fhir/r4/Patient/$export?_type=Patient')
  assert.equal(one.state, 'running')
  const theirs = await send('GET', '/north/fhir/r4/$export-status', others)
  assert.equal(theirs.status, 403, theirs.text) // it is not known here
})
