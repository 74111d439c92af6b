import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testApp } from '../support/test-app.ts'
import { openWriter, patient, sentences } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const clinic = await openWriter(app)

test('update answers 201 where there was nothing, then 200 with the next version, and 200 with the same when nothing changes', async () => {
  const put = (active: boolean) => clinic.send('PUT', 'Patient/u1', patient({ id: 'u1', active }))
  for (const [active, status, version] of [
    [true, 201, '1'],
    [false, 200, '2'],
    [false, 200, '2'],
  ] as const) {
    const { status: given, headers, json } = await put(active)
    assert.deepEqual([given, headers.etag, json.meta.versionId], [status, `W/"${version}"`, version])
    assert.ok(String(headers.location).endsWith(`/Patient/u1/_history/${version}`))
    assert.ok(headers['last-modified'])
  }
})

// biome-ignore format: a table
for (const [what, path, id, sentence] of [
  ['no id', 'Patient/u2', undefined, /the body has no id/],
  ['another id', 'Patient/u2', 'other', /the body says other/],
  ['an id that is none', 'Patient/u2', 'a_b', /something else than an id|is not/],
  ['no id in the address either', 'Patient/a_b', 'a_b', /not an id/],
] as const) {
  test(`update answers 400 for ${what}`, async () => {
    const answer = await clinic.send('PUT', path, patient({ id }))
    assert.equal(answer.status, 400)
    assert.match(sentences(answer).join(), sentence)
  })
}

test('If-Match: only the version that is named is replaced', async () => {
  const put = (more: object, ifMatch: string) =>
    clinic.send('PUT', 'Patient/u3', patient({ id: 'u3', ...more }), { 'if-match': ifMatch })
  assert.equal((await put({}, 'W/"1"')).status, 412)
  assert.equal((await put({}, '*')).status, 412)
  assert.equal((await clinic.send('PUT', 'Patient/u3', patient({ id: 'u3' }))).status, 201)
  assert.equal((await put({ active: true }, 'W/"1"')).status, 200)
  assert.equal((await put({ active: false }, 'W/"1"')).status, 412)
  assert.equal((await put({ active: false }, '"1", W/"2"')).status, 200)
  assert.equal((await put({ active: true }, '*')).status, 200)
  assert.equal((await put({ active: false }, 'W/"x"')).status, 412)
  for (const malformed of ['4', 'W/4', 'W/"4', '', '"4" "5"'])
    assert.equal((await put({}, malformed)).status, 400, malformed)
  assert.equal((await clinic.send('GET', 'Patient/u3')).headers.etag, 'W/"4"')
})

test('If-None-Match: * creates, and replaces nothing', async () => {
  const put = (ifNoneMatch: string) =>
    clinic.send('PUT', 'Patient/u4', patient({ id: 'u4' }), { 'if-none-match': ifNoneMatch })
  assert.deepEqual([(await put('*')).status, (await put('*')).status], [201, 412])
  assert.equal((await put('W/"1"')).status, 400)
})

test('two parallel updates with the same If-Match: one 200, one 412', async () => {
  await clinic.send('PUT', 'Patient/u5', patient({ id: 'u5' }))
  for (let version = 1; version <= 10; version++) {
    const both = ['male', 'female'].map((gender) =>
      clinic.send('PUT', 'Patient/u5', patient({ id: 'u5', gender, multipleBirthInteger: version }), {
        'if-match': `W/"${version}"`,
      }),
    )
    const statuses = (await Promise.all(both)).map(({ status }) => status)
    assert.deepEqual(statuses.sort(), [200, 412])
  }
})

test('a deleted resource is gone until an update brings it back', async () => {
  await clinic.send('PUT', 'Patient/u6', patient({ id: 'u6' }))
  await clinic.send('DELETE', 'Patient/u6')
  assert.equal((await clinic.send('GET', 'Patient/u6')).status, 410)
  const { status, headers } = await clinic.send('PUT', 'Patient/u6', patient({ id: 'u6' }))
  assert.deepEqual([status, headers.etag], [201, 'W/"3"'])
})

test('delete answers 204 with nothing, again and again, and 200 where an outcome is preferred', async () => {
  await clinic.send('PUT', 'Patient/d1', patient({ id: 'd1' }))
  const { status, text, headers } = await clinic.send('DELETE', 'Patient/d1')
  assert.deepEqual([status, text, headers.etag, headers['content-length']], [204, '', 'W/"2"', undefined])
  assert.equal((await clinic.send('DELETE', 'Patient/d1')).status, 204)
  assert.equal((await clinic.send('DELETE', 'Patient/never')).status, 204)
  const told = await clinic.send('DELETE', 'Patient/d1', undefined, { prefer: 'return=OperationOutcome' })
  assert.deepEqual([told.status, sentences(told)], [200, ['Patient/d1 was not there: nothing was deleted']])
})

test('delete keeps to If-Match', async () => {
  await clinic.send('PUT', 'Patient/d2', patient({ id: 'd2' }))
  const remove = async (ifMatch: string) =>
    (await clinic.send('DELETE', 'Patient/d2', undefined, { 'if-match': ifMatch })).status
  assert.deepEqual([await remove('W/"2"'), await remove('x'), await remove('W/"1"')], [412, 400, 204])
})
