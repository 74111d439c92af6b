import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { clinic, entry, identified, observation, patient, places, statuses } from './clinic.ts'

const here = await clinic()
after(() => here[Symbol.asyncDispose]())
const { app, post, get, count } = here

test('each entry of a batch has its own answer, whatever becomes of the others', async () => {
  await post('batch', [entry('PUT', 'Patient/a', patient({ id: 'a', ...identified('a') }))])
  const answer = await post('batch', [
    entry('POST', 'Patient', patient({ gender: 'x' })),
    entry('POST', 'Patient', patient()),
    entry('GET', 'Patient/a'),
    entry('GET', 'Patient/none'),
    entry('GET', 'Patient?identifier=http://x|a'),
    entry('GET', 'Patient?nothing=1'),
    entry('GET', 'Patient/a/_history'),
    entry('GET', 'Patient/a/_history/1'),
    entry('GET', 'metadata'),
    entry('GET', 'Nothing/1'),
    entry('GET', 'Patient/a', undefined, { ifNoneMatch: 'W/"1"' }),
    entry('PUT', 'Patient/a', patient({ id: 'a' }), { ifMatch: 'W/"7"' }),
    entry('POST', 'Patient', patient(identified('a')), { ifNoneExist: 'identifier=http://x|a' }),
    entry('PATCH', 'metadata'),
    entry('FETCH', 'Patient/a'),
    {},
    entry('GET', '$versions'),
    entry('POST', '', { resourceType: 'Bundle', type: 'batch' }),
    entry('GET', 'Patient/%zz'),
    entry('GET', `${here.base}/Patient/a`),
  ])
  assert.deepEqual([answer.status, answer.json.type], [200, 'batch-response'])
  assert.deepEqual(
    statuses(answer),
    [400, 201, 200, 404, 200, 400, 200, 200, 200, 404, 304, 412, 200, 405, 400, 400, 200, 400, 400, 200],
  )
  const [bad, made, read, , found] = answer.json.entry
  assert.equal(bad.response.outcome.issue[0].expression[0], 'Patient.gender')
  assert.deepEqual([made.resource, made.response.etag], [undefined, 'W/"1"'])
  assert.deepEqual([read.resource.id, read.response.lastModified], ['a', read.resource.meta.lastUpdated])
  assert.deepEqual([found.resource.type, found.resource.total], ['searchset', 1])
})

test('a batch deletes first, then creates, then updates, and reads last', async () => {
  await post('batch', [entry('PUT', 'Patient/b', patient({ id: 'b', ...identified('b') }))])
  const answer = await post('batch', [
    entry('GET', 'Patient/new'),
    entry('PUT', 'Patient/new', patient({ id: 'new' })),
    entry('POST', 'Patient', patient(identified('b')), { ifNoneExist: 'identifier=http://x|b' }),
    entry('DELETE', 'Patient/b'),
  ])
  assert.deepEqual(statuses(answer), [200, 201, 201, 204])
})

test('a batch answers what a read of each entry answers, to the letter', async () => {
  const text =
    '{"resourceType":"Observation","id":"d","status":"final","code":{"text":"\\u00e9"},"valueQuantity":{"value":1.50}}'
  await here.postText(
    `{"resourceType":"Bundle","type":"batch","entry":[{"resource":${text},"request":{"method":"PUT","url":"Observation/d"}}]}`,
  )
  const read = await get('Observation/d')
  const answer = await post('batch', [entry('GET', 'Observation/d')])
  assert.match(read.text, /"code":\{"text":"\\u00e9"\},"valueQuantity":\{"value":1\.50\}/)
  assert.ok(answer.text.includes(read.text))
})

test('where a practice takes no writes, a batch reads and a transaction of writes is refused', async () => {
  const silent = await app.addPractice('silent')
  await app.load(silent, [patient({ id: 'a' })])
  const authorization = `Bearer ${await app.token(silent, { scope: 'system/*.cruds' })}`
  const send = (type: string, entries: object[]) =>
    app.request({
      method: 'POST',
      url: '/silent/fhir/r4/',
      headers: { authorization, 'content-type': 'application/json' },
      payload: JSON.stringify({ resourceType: 'Bundle', type, entry: entries }),
    })
  const reads = [entry('GET', 'Patient/a'), entry('GET', 'Patient')]
  assert.deepEqual(statuses(await send('batch', reads)), [200, 200])
  assert.deepEqual(statuses(await send('transaction', reads)), [200, 200])
  const write = entry('POST', 'Patient', patient())
  assert.deepEqual(statuses(await send('batch', [...reads, write])), [200, 200, 405])
  assert.equal((await send('transaction', [...reads, write])).status, 405)
  const interactionsAt = async (practice: string) => {
    const { json } = await app.request({ method: 'GET', url: `/${practice}/fhir/r4/metadata` })
    return json.rest[0].interaction.map(({ code }: { code: string }) => code)
  }
  assert.deepEqual(
    (await interactionsAt('silent')).filter((code: string) => /batch|transaction/.test(code)),
    ['batch'],
  )
  assert.deepEqual(
    (await interactionsAt('north')).filter((code: string) => /batch|transaction/.test(code)),
    ['transaction', 'batch'],
  )
})

test('what comes in a batch is refused to whom it is refused alone', async () => {
  const token = await app.token(here.practice, { scope: 'system/Observation.cr system/Patient.r' })
  const send = (type: string, entries: object[]) =>
    app.request({
      method: 'POST',
      url: '/north/fhir/r4',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ resourceType: 'Bundle', type, entry: entries }),
    })
  const entries = [
    entry('POST', 'Observation', observation('Patient/a')),
    entry('POST', 'Patient', patient()),
    entry('GET', 'Patient/a'),
    entry('GET', 'Patient'),
    entry('DELETE', 'Patient/a'),
    entry('GET', 'Condition/1'),
  ]
  assert.deepEqual(statuses(await send('batch', entries)), [201, 403, 200, 403, 403, 403])
  const before = await count('Observation')
  for (const refused of [1, 3, 4, 5]) {
    const answer = await send('transaction', [entries[0] as object, entries[refused] as object])
    assert.deepEqual([answer.status, answer.json.issue[0].expression], [403, ['Bundle.entry[1]']], answer.text)
  }
  // searches for references need the right to search
  const conditional = entry('POST', 'Observation', observation('Patient?identifier=http://x|a'))
  assert.equal((await send('transaction', [conditional])).status, 403)
  assert.equal(await count('Observation'), before)
})

test('a Bundle without a token, or with a strange one, is not read', async () => {
  for (const headers of [{}, { authorization: 'Bearer strange' }] as Record<string, string>[]) {
    const answer = await app.request({
      method: 'POST',
      url: '/north/fhir/r4',
      headers: { ...headers, 'content-type': 'application/fhir+json' },
      payload: '{"resourceType":"Bundle","type":"batch"',
    })
    assert.equal(answer.status, 401)
  }
})

test('a Bundle holds as many entries as the practice takes', async () => {
  const small = await clinic('system/*.cruds', { maximumBundleEntries: '3' })
  try {
    const entries = Array.from({ length: 4 }, () => entry('POST', 'Patient', patient()))
    for (const type of ['batch', 'transaction'] as const) {
      assert.equal((await small.post(type, entries.slice(0, 3))).status, 200)
      const answer = await small.post(type, entries)
      assert.equal(answer.status, 413)
      assert.match(answer.json.issue[0].details.text, /has 4 entries, and at most 3 are taken/)
    }
    assert.equal(await small.count('Patient'), 6)
  } finally {
    await small[Symbol.asyncDispose]()
  }
})

test('without a setting 5,000 entries are taken', async () => {
  const entries = Array.from({ length: 5001 }, () => entry('GET', 'Patient/a'))
  const answer = await post('batch', entries)
  assert.deepEqual([answer.status, answer.json.issue[0].code], [413, 'too-long'])
  const taken = await post('batch', entries.slice(1))
  assert.deepEqual(new Set(statuses(taken)), new Set([200]))
})

test('what a batch creates is found by what refers to it', async () => {
  const answer = await post('batch', [entry('POST', 'Patient', patient(identified('found')))])
  assert.equal(
    (await get('Patient?identifier=http://x|found')).json.entry[0].resource.id,
    places(answer)[0]?.split('/')[1],
  )
})
