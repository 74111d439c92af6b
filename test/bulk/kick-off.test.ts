/** How an export begins: its headers, what it reads, and the same again. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { stopClock } from '../support/clock.ts'
import { begin, exporting, exportingOne, parameters, respondAsync } from './exporting.ts'

const exports = await exportingOne()
after(() => exports[Symbol.asyncDispose]())
const token = await exports.token()

for (const headers of [{}, { accept: 'application/fhir+json, */*; q=0.1' }, { prefer: 'respond-async' }]) {
  test(`B3: ${JSON.stringify(headers)} is enough of headers`, async () => {
    assert.equal((await exports.send('GET', '/north/fhir/r4/$export', token, headers)).status, 202)
  })
}

test('K6-K8: a strict practice wants both headers', async () => {
  await using strict = await exporting({ exportHeaders: 'strict' })
  const own = await strict.token()
  for (const [headers, status] of [
    [respondAsync, 202],
    [{ accept: 'application/fhir+json' }, 400],
    [{ prefer: 'respond-async' }, 406],
    [{ accept: '*/*', prefer: 'respond-async' }, 406],
  ] as const) {
    const answer = await strict.send('GET', '/north/fhir/r4/$export', own, headers)
    assert.equal(answer.status, status, `${JSON.stringify(headers)} ${answer.text}`)
    assert.equal(answer.json.resourceType, 'OperationOutcome')
  }
})

test('P19: a kick-off reads by key only: the token, the Group and named patients', async () => {
  const body = parameters({ name: 'patient', valueReference: { reference: 'Patient/p1' } })
  const kickOff = () => exports.send('POST', '/north/fhir/r4/Group/g1/$export', token, respondAsync, body)
  using _ = stopClock() // what is remembered of the app is not asked for anew
  await kickOff()
  exports.app.takeStatements()
  assert.equal((await kickOff()).status, 202)
  const statements = exports.app.takeStatements()
  const reading = statements.filter((text) => /\b(from|join)\s+(resource|index_\w+|group_member)\b/.test(text))
  assert.equal(reading.length, 2, 'the Group, the Patients')
  for (const text of reading) assert.match(text, /from resource where practice = \$1 and key = any\(\$2::int8\[\]\)$/)
  assert.ok(statements.length <= 12, statements.join('\n'))
})

test('Idempotency-Key: the same again is the same export, something else is 422', async () => {
  const headers = { 'idempotency-key': 'k-1' }
  const first = await begin(exports, '$export?_type=Patient', token, headers)
  assert.equal(await begin(exports, '$export?_type=Patient', token, headers), first)
  assert.notEqual(await begin(exports, '$export?_type=Patient', token, { 'idempotency-key': 'k-2' }), first)
  const other = await exports.send('GET', '/north/fhir/r4/$export', token, { ...respondAsync, ...headers })
  assert.equal(other.status, 422, other.text)
})

test('Idempotency-Key: what was deleted is had by the same key once more', async () => {
  const headers = { 'idempotency-key': 'k-3' }
  const first = await begin(exports, '$export?_type=Patient', token, headers)
  assert.equal((await exports.send('DELETE', first, token)).status, 202)
  const again = await begin(exports, '$export?_type=Patient', token, headers)
  assert.notEqual(again, first)
  assert.equal(await begin(exports, '$export?_type=Patient', token, headers), again)
})

test('P22: without a key each kick-off is an export of its own', async () => {
  assert.notEqual(
    await begin(exports, '$export?_type=Patient', token),
    await begin(exports, '$export?_type=Patient', token),
  )
})
