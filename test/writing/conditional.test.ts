import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { testApp } from '../support/test-app.ts'
import { openWriter, patient, sentences } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const clinic = await openWriter(app)

const identified = (value: string, more: object = {}) =>
  patient({ identifier: [{ system: 'http://x', value }], ...more })
const idIn = (location: unknown) => /Patient\/([^/]+)/.exec(String(location))?.[1] ?? ''

for (const value of ['two', 'two', 'one']) await clinic.send('POST', 'Patient', identified(value))

test('If-None-Exist: creates once, then answers 200 with what is there', async () => {
  const create = (prefer = '') =>
    clinic.send('POST', 'Patient', identified('c1'), { 'if-none-exist': 'identifier=http://x|c1', prefer })
  const first = await create()
  const second = await create()
  assert.deepEqual([first.status, second.status], [201, 200])
  assert.equal(second.headers.location, first.headers.location)
  assert.deepEqual(second.json, first.json)
  assert.deepEqual(sentences(await create('return=OperationOutcome')), [
    `Patient/${first.json.id} meets the criteria of If-None-Exist: nothing was created`,
  ])
  assert.equal((await create('return=minimal')).text, '')
})

test('If-None-Exist: of eight at once one creates, also after what it made was deleted', async () => {
  for (const round of [1, 2]) {
    const create = () =>
      clinic.send('POST', 'Patient', identified('c2'), { 'if-none-exist': '?identifier=http%3A%2F%2Fx%7Cc2' })
    const answers = await Promise.all(Array.from({ length: 8 }, create))
    const statuses = answers.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 200, 201], `round ${round}`)
    assert.equal(new Set(answers.map(({ headers }) => headers.location)).size, 1)
    await clinic.send('DELETE', `Patient/${idIn(answers[0]?.headers.location)}`)
  }
})

// biome-ignore format: a table
for (const [what, criteria, status, sentence] of [
  ['several matches', 'identifier=http://x|two', 412, /match more than one Patient/],
  ['no parameter', '_count=1', 400, /name no search parameter/],
  ['an unknown parameter', 'shoe=1', 400, /shoe/],
  ['nothing', '', 400, /./],
] as const) {
  test(`criteria with ${what} are answered ${status}`, async () => {
    const created = await clinic.send('POST', 'Patient', patient(), { 'if-none-exist': criteria, prefer: 'handling=lenient' })
    assert.deepEqual([created.status, sentence.test(sentences(created).join())], [status, true], created.text)
    const jsonPatch = { 'content-type': 'application/json-patch+json', prefer: 'handling=lenient' }
    for (const [method, body, headers] of [['PUT', patient(), {}], ['PATCH', '[]', jsonPatch], ['DELETE', undefined, {}]] as const) {
      const answer = await clinic.send(method, `Patient?${criteria}`, body, headers)
      assert.deepEqual([method, answer.status], [method, status], answer.text)
    }
  })
}

test('conditional update: creates without a match, updates the one match, and keeps to ids', async () => {
  const put = (more: object, headers = {}) =>
    clinic.send('PUT', 'Patient?identifier=http://x|u1', identified('u1', more), headers)
  assert.equal((await put({}, { 'if-match': 'W/"1"' })).status, 412)
  const created = await put({})
  assert.equal(created.status, 201)
  const { id } = created.json
  assert.deepEqual([(await put({ active: true })).status, (await put({ active: false, id })).status], [200, 200])
  assert.equal((await put({ id: 'other' })).status, 400)
  assert.equal((await put({ active: true }, { 'if-match': 'W/"1"' })).status, 412)
  assert.equal((await put({ active: true }, { 'if-match': 'W/"3"' })).status, 200)
  assert.equal((await clinic.send('GET', `Patient/${id}`)).headers.etag, 'W/"4"')
})

test('conditional update without a match creates under the id of the body, unless it is taken', async () => {
  const put = (value: string) =>
    clinic.send('PUT', `Patient?identifier=http://x|${value}`, identified(value, { id: 'named' }))
  assert.deepEqual([(await put('u2')).status, (await put('u2')).status, (await put('u3')).status], [201, 200, 409])
  assert.equal((await clinic.send('GET', 'Patient/named')).json.identifier[0].value, 'u2')
})

test('conditional update: six at once make one', async () => {
  const put = () => clinic.send('PUT', 'Patient?identifier=http://x|u4', identified('u4'))
  const statuses = (await Promise.all(Array.from({ length: 6 }, put))).map(({ status }) => status)
  assert.deepEqual(statuses.sort(), [200, 200, 200, 200, 200, 201])
})

test('conditional patch changes the one match, and answers 404 without one', async () => {
  const send = (value: string) =>
    clinic.send('PATCH', `Patient?identifier=http://x|${value}`, '[{"op":"add","path":"/gender","value":"male"}]', {
      'content-type': 'application/json-patch+json',
    })
  assert.equal((await send('none')).status, 404)
  const { status, json } = await send('one')
  assert.deepEqual([status, json.gender], [200, 'male'])
})

test('conditional delete removes the one match, and is content without one', async () => {
  await clinic.send('POST', 'Patient', identified('d1'))
  const remove = () => clinic.send('DELETE', 'Patient?identifier=http://x|d1')
  assert.deepEqual([(await remove()).status, (await remove()).status], [204, 204])
  assert.equal((await clinic.send('GET', 'Patient?identifier=http://x|d1')).json.total, 0)
})

test('without id and criteria nothing is written', async () => {
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const answer = await clinic.send(method, 'Patient?_format=json', method === 'DELETE' ? undefined : patient())
    assert.equal(answer.status, 400, answer.text)
    assert.match(sentences(answer)[0] ?? '', /without id and criteria/)
  }
})
