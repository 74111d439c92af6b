import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'

type Practice = Awaited<ReturnType<TestApp['addPractice']>>

const observation = (at: number, elements: object = {}) => ({
  resourceType: 'Observation',
  id: `o${String(at).padStart(3, '0')}`,
  status: 'final',
  code: { coding: [{ system: 'urn:c', code: at % 3 === 0 ? 'third' : 'other' }] },
  subject: { reference: `Patient/p${at % 4}` },
  ...(at % 5 > 0 && { effectiveDateTime: new Date(Date.UTC(2020, 0, 1 + (at % 7))).toISOString() }),
  ...(at % 2 === 0 && { valueQuantity: { value: at % 6 } }),
  ...elements,
})

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

function idsOf({ json }: Answer): string[] {
  return (json.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id)
}

function nextOf({ json }: Answer): string | undefined {
  return json.link.find(({ relation }: { relation: string }) => relation === 'next')?.url.split(/\/fhir\/r4\/?/)[1]
}

async function walk(
  app: TestApp,
  practice: Practice,
  { query, token, between }: { query: string; token: string; between: (page: number) => Promise<void> },
) {
  const ids: string[] = []
  let [page, url]: [number, string | undefined] = [0, query]
  while (url) {
    const answer = await app.get(practice, url, token)
    assert.equal(answer.status, 200, answer.text)
    ids.push(...idsOf(answer))
    url = nextOf(answer)
    await between(page++)
  }
  return ids
}

for (const sort of [
  '',
  '&_sort=date',
  '&_sort=-date',
  '&_sort=_lastUpdated',
  '&_sort=-_id',
  '&_sort=value-quantity,-date',
  '&_sort=-value-quantity,_id',
]) {
  test(`pages${sort && ` with ${sort}`} lose and double nothing that stays while rows come and go`, async () => {
    await using app = await testApp()
    const practice = await app.addPractice('paging')
    await app.load(
      practice,
      range(0, 120).map((at) => observation(at)),
    )
    const token = await app.token(practice)
    const between = async (page: number) => {
      if (page > 12) return
      const store = app.storeOf(practice)
      // these two leave, and new ones come at both ends of each order
      await store.write([
        { kind: 'delete', type: 'Observation', id: observation(page * 9).id },
        { kind: 'delete', type: 'Observation', id: observation(119 - page * 7).id },
      ])
      await app.load(practice, [
        observation(1000 + page, { effectiveDateTime: '1990' }),
        observation(2000 + page, { effectiveDateTime: '2030', valueQuantity: { value: 99 } }),
      ])
    }
    const ids = await walk(app, practice, { query: `Observation?_count=10${sort}`, token, between })
    const gone = new Set(range(0, 13).flatMap((page) => [observation(page * 9).id, observation(119 - page * 7).id]))
    const staying = range(0, 120)
      .map((at) => observation(at).id)
      .filter((id) => !gone.has(id))
    assert.deepEqual(
      staying.filter((id) => !ids.includes(id)),
      [],
      'lost',
    )
    assert.equal(new Set(ids).size, ids.length, 'doubled')
  })
}

test('a paging link is used as it was given, by the practice that gave it', async () => {
  await using app = await testApp()
  const [north, south] = [await app.addPractice('north'), await app.addPractice('south')]
  await app.load(
    north,
    range(0, 9).map((at) => observation(at)),
  )
  const [token, other] = [await app.token(north), await app.token(south)]
  const next = nextOf(await app.get(north, 'Observation?_count=4', token)) ?? ''
  assert.deepEqual(idsOf(await app.get(north, next, token)).length, 4)
  const altered = next.replace(/(.)(.)\./, (_, a: string, b: string) => `${b}${a === b ? 'x' : a}.`)
  for (const [practice, url, holder] of [
    [north, altered, token],
    [north, `${next}x`, token],
    [north, next.slice(0, -1), token],
    [north, `${next}&code=third`, token],
    [north, next.replace('Observation?', 'Patient?'), token],
    [north, 'Observation?_page=abc', token],
    [south, next, other],
  ] as const) {
    const answer = await app.get(practice, url, holder)
    assert.equal(answer.status, 400, url)
    assert.equal(answer.json.resourceType, 'OperationOutcome')
  }
  assert.equal((await app.get(north, next)).status, 401)
})

test('sorting by several keys puts what has no value last, in both directions', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('sorted')
  const row = (id: string, value?: number, date?: string) => ({
    ...{ resourceType: 'Observation', id, status: 'final' },
    ...(value !== undefined && { valueQuantity: { value } }),
    ...(date && { effectiveDateTime: date }),
  })
  await app.load(practice, [
    row('a', 1, '2020'),
    row('b', 1, '2021'),
    row('c', 2, '2020'),
    row('d', undefined, '2019'),
    row('e', 2),
    row('f'),
  ])
  const token = await app.token(practice)
  for (const [sort, order] of [
    ['value-quantity,date,_id', 'a b c e d f'],
    ['value-quantity,-date,_id', 'b a c e d f'],
    ['-value-quantity,date,_id', 'c e a b d f'],
    ['-value-quantity,-date,-_id', 'c e b a d f'],
    ['date,_id', 'd a c b e f'],
    ['-date,_id', 'b a c d e f'],
    ['_id', 'a b c d e f'],
    ['-_id', 'f e d c b a'],
  ]) {
    for (const count of [100, 1, 2]) {
      const ids = await walk(app, practice, {
        query: `Observation?_sort=${sort}&_count=${count}`,
        token,
        between: async () => {},
      })
      assert.equal(ids.join(' '), order, `${sort} by ${count}`)
    }
  }
})

test('a search across types comes in the order that is asked', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('types')
  for (const at of range(0, 6)) {
    await app.load(practice, [
      at % 2 === 0 ? observation(at) : { resourceType: 'Patient', id: `o${String(at).padStart(3, '0')}` },
    ])
  }
  const token = await app.token(practice)
  const all = range(0, 6).map((at) => observation(at).id)
  for (const [sort, order] of [
    ['_lastUpdated', all],
    ['-_lastUpdated', all.toReversed()],
    ['_id', all],
    ['-_id', all.toReversed()],
  ] as const) {
    const ids = await walk(app, practice, {
      query: `?_type=Patient,Observation&_sort=${sort}&_count=2`,
      token,
      between: async () => {},
    })
    assert.deepEqual(ids, order, sort)
  }
})

test('a page of large files ends early, and the next one goes on', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('files')
  const data = 'A'.repeat(9 * 1024 * 1024)
  for (const id of ['f1', 'f2', 'f3', 'f4', 'f5']) {
    await app.load(practice, [{ resourceType: 'Binary', id, contentType: 'image/png', data }])
  }
  const token = await app.token(practice, { scope: 'system/*.rs' })
  const first = await app.get(practice, 'Binary?_sort=_id&_count=10', token)
  assert.deepEqual(idsOf(first), ['f1', 'f2', 'f3', 'f4'])
  assert.deepEqual(idsOf(await app.get(practice, nextOf(first) ?? '', token)), ['f5'])
})
