import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { validateStructure } from '#fhir'
import type { PracticeRecord } from '#platform'
import { type TestApp, testApp } from '../support/test-app.ts'

interface Entry {
  readonly fullUrl: string
  readonly resource?: { readonly id: string; readonly meta: { readonly versionId: string } }
  readonly request: { readonly method: string; readonly url: string }
  readonly response: { readonly status: string; readonly etag: string; readonly lastModified: string }
}

let app: TestApp
let practice: PracticeRecord
let token: string
/** Times of the versions of Patient/a, from the first to the last. */
let stamps: string[]

const named = (family: string) => ({ resourceType: 'Patient', id: 'a', name: [{ family }] })

before(async () => {
  app = await testApp()
  practice = await app.addPractice('clinic')
  token = await app.token(practice)
  await app.load(practice, [named('One'), { resourceType: 'Organization', id: 'o', name: 'Clinic' }])
  // each in a millisecond of its own
  for (const write of [
    () => app.load(practice, [named('Two')]),
    () => app.storeOf(practice).write([{ kind: 'delete', type: 'Patient', id: 'a' }]),
    () => app.load(practice, [named('Four')]),
  ]) {
    await sleep(2)
    await write()
  }
  const { entry } = (await app.get(practice, 'Patient/a/_history', token)).json as { entry: Entry[] }
  stamps = entry.map(({ response }) => response.lastModified).reverse()
})
after(() => app[Symbol.asyncDispose]())

test('history() of a resource tells each version, the newest first, and what made it', async () => {
  const bundle = (await app.get(practice, 'Patient/a/_history', token)).json
  assert.deepEqual(validateStructure(bundle), [])
  assert.deepEqual([bundle.type, bundle.total], ['history', 4])
  const entries = bundle.entry as Entry[]
  assert.deepEqual(
    entries.map(({ request, response, resource }) => [
      request.method,
      request.url,
      response.status,
      response.etag,
      resource?.meta.versionId,
    ]),
    [
      ['PUT', 'Patient/a', '200', 'W/"4"', '4'],
      ['DELETE', 'Patient/a', '204', 'W/"3"', undefined],
      ['PUT', 'Patient/a', '200', 'W/"2"', '2'],
      ['POST', 'Patient', '201', 'W/"1"', '1'],
    ],
  )
  for (const { fullUrl } of entries) assert.equal(fullUrl, 'http://localhost:8080/clinic/fhir/r4/Patient/a')
  const stored = await app.get(practice, 'Patient/a', token)
  assert.ok(JSON.stringify(bundle).includes(stored.text))
})

const versions = (bundle: { entry?: Entry[] }) =>
  (bundle.entry ?? []).map(({ request, response }) => `${request.url.split('/')[0]} ${/\d+/.exec(response.etag)}`)

async function listed(path: string): Promise<string[]> {
  const { status, json, text } = await app.get(practice, path, token)
  assert.equal(status, 200, text)
  return versions(json)
}

test('history() of a type and of all tells what changed', async () => {
  assert.deepEqual(await listed('Patient/_history'), ['Patient 4', 'Patient 3', 'Patient 2', 'Patient 1'])
  assert.deepEqual((await listed('_history')).toSorted(), [
    'Organization 1',
    'Patient 1',
    'Patient 2',
    'Patient 3',
    'Patient 4',
  ])
  assert.deepEqual(await listed('Group/_history'), [])
})

/** A millisecond later or earlier than a stamp, which has six decimals. */
const moved = (stamp: string | undefined, milliseconds: number) =>
  new Date(Date.parse(stamp ?? '') + milliseconds).toISOString()

test('history() shows with _since what came at that instant or later', async () => {
  assert.deepEqual(await listed(`Patient/a/_history?_since=${stamps[1]}`), ['Patient 4', 'Patient 3', 'Patient 2'])
  const next = `${stamps[1]?.slice(0, -7)}${String(Number(stamps[1]?.slice(-7, -1)) + 1).padStart(6, '0')}Z`
  assert.deepEqual(await listed(`_history?_since=${next}`), ['Patient 4', 'Patient 3'])
  assert.deepEqual(await listed('Patient/a/_history?_since=2999-01-01T00:00:00Z'), [])
  const { json } = await app.get(practice, `Patient/a/_history?_since=${stamps[3]}`, token)
  assert.equal(json.total, 1)
})

test('history() shows with _at what was current within that time', async () => {
  const at = async (...texts: string[]) => listed(`Patient/a/_history?${texts.map((text) => `_at=${text}`).join('&')}`)
  const all = ['Patient 4', 'Patient 3', 'Patient 2', 'Patient 1']
  const [first, , third, fourth] = stamps
  assert.deepEqual(await at(moved(first, -1)), [])
  assert.deepEqual(await at(first?.slice(0, 4) ?? ''), all)
  assert.deepEqual(await at('2999'), ['Patient 4'])
  assert.deepEqual(await at('2001'), [])
  assert.deepEqual(await at(`le${moved(first, 0)}`), ['Patient 1'])
  assert.deepEqual(await at(`ge${moved(fourth, 1)}`), ['Patient 4'])
  // one millisecond begins while the second version is current, and holds the deletion
  const during = await at(moved(third, 0))
  assert.ok(during.includes('Patient 3') && during.includes('Patient 2'), String(during))
  assert.deepEqual(await at(`ge${moved(first, 0)}`, `lt${moved(first, 1)}`), ['Patient 1'])
})

test('history() comes in pages', async () => {
  const seen: string[] = []
  let path: string | undefined = 'Patient/a/_history?_count=3&_format=json'
  const relations: string[][] = []
  while (path !== undefined) {
    const { json, text, status } = await app.get(practice, path, token)
    assert.equal(status, 200, text)
    assert.equal(json.total, 4)
    seen.push(...versions(json))
    const links = json.link as { relation: string; url: string }[]
    relations.push(links.map(({ relation }) => relation))
    path = links.find(({ relation }) => relation === 'next')?.url.split('/fhir/r4/')[1]
  }
  assert.deepEqual(seen, ['Patient 4', 'Patient 3', 'Patient 2', 'Patient 1'])
  assert.deepEqual(relations, [
    ['self', 'first', 'next'],
    ['self', 'first'],
  ])
})

test('history() shows the elements that were asked for', async () => {
  const { json } = await app.get(practice, 'Patient/a/_history?_elements=active', token)
  const [{ resource }] = json.entry
  assert.equal(resource.name, undefined)
  assert.equal(resource.meta.tag[0].code, 'SUBSETTED')
})

test('history() is laid out where _pretty asks for it', async () => {
  const { text } = await app.get(practice, 'Patient/a/_history?_pretty=true', token)
  assert.match(text, /^\{\n {2}"resourceType"/)
})

// biome-ignore format: a table
for (const [path, status, part] of [
  ['Patient/b/_history', 404, 'Patient/b is not known'],
  ['Patient/b/_history?_since=2020-01-01T00:00:00Z', 404, 'Patient/b is not known'],
  ['Patient/a_b/_history', 400, 'is not an id'],
  ['Patinet/_history', 404, 'is not a resource type'],
  ['Patient/_history?_since=yesterday', 400, '\\"yesterday\\" is not an instant'],
  ['Patient/_history?_since=2020-01-01T00:00:00Z&_since=2021-01-01T00:00:00Z', 400, 'more than once'],
  ['Patient/_history?_at=2020-13', 400, '\\"2020-13\\" is not a date'],
  ['Patient/_history?_at=ne2020', 400, 'is not a date'],
  ['_history?_count=0', 400, 'is not a whole number above 0'],
  ['_history?_count=-1', 400, 'is not a whole number above 0'],
  ['_history?_summary=count', 400, '\\"count\\" is not one of'],
  ['_history?_sort=name', 400, 'a history takes _since, _at'],
  ['Patient/a/_history?_page=x.y', 400, 'its link was altered'],
] as const) {
  test(`GET ${path} is ${status}`, async () => {
    const answer = await app.get(practice, path, token)
    assert.equal(answer.status, status, answer.text)
    assert.ok(answer.text.includes(part), answer.text)
  })
}

test('a link of one history is none of another', async () => {
  const { json } = await app.get(practice, 'Patient/_history?_count=1', token)
  const next = (json.link as { relation: string; url: string }[]).find(({ relation }) => relation === 'next')?.url ?? ''
  const query = next.slice(next.indexOf('?'))
  assert.equal((await app.get(practice, `Patient/_history${query}`, token)).status, 200)
  assert.equal((await app.get(practice, `Organization/_history${query}`, token)).status, 400)
  assert.equal((await app.get(practice, `Patient${query}`, token)).status, 400)
})

test('the CapabilityStatement offers versions and histories', async () => {
  const { rest } = (await app.get(practice, 'metadata')).json
  const [patient] = rest[0].resource.filter(({ type }: { type: string }) => type === 'Patient')
  const codes = patient.interaction.map(({ code }: { code: string }) => code)
  for (const code of ['vread', 'history-instance', 'history-type']) assert.ok(codes.includes(code), code)
  assert.ok(JSON.stringify(rest[0].interaction).includes('history-system'))
  assert.equal(patient.readHistory, true)
})
