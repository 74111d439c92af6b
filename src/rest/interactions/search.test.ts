import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import type { Query } from '#fhir'
import { authorization, clinic, row, served } from '../stand-ins/served.ts'

const base = '/clinic/fhir/r4'
const headers = { authorization }
const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
const patients = [row('Patient', '1', { active: true }), row('Patient', '2')]

/** A store that finds nothing and keeps what it was asked. */
function keeper() {
  const asked: Query[] = []
  const keep = (query: Query) => {
    asked.push(query)
    return {}
  }
  return { keep, asked }
}

test('search() answers a Bundle of the stored texts', async () => {
  await using app = await served({ search: () => ({ matches: patients, included: [row('Provenance', '9')] }) })
  const response = await app.inject({ url: `${base}/Patient?name=A%20B,C&_format=json`, headers })
  assert.equal(response.statusCode, 200, response.body)
  assert.ok(response.body.includes(`"resource":${patients[0]?.body},"search":{"mode":"match"}`))
  const { total, link, entry } = response.json()
  assert.equal(total, 2)
  assert.deepEqual(link, [{ relation: 'self', url: 'http://here/clinic/fhir/r4/Patient?name=A%20B,C&_format=json' }])
  assert.deepEqual(
    entry.map(({ fullUrl, search }: { fullUrl: string; search: { mode: string } }) => [fullUrl, search.mode]),
    [
      ['http://here/clinic/fhir/r4/Patient/1', 'match'],
      ['http://here/clinic/fhir/r4/Patient/2', 'match'],
      ['http://here/clinic/fhir/r4/Provenance/9', 'include'],
    ],
  )
})

test('search() finds nothing without an empty list, which FHIR forbids', async () => {
  await using app = await served()
  const { body } = await app.inject({ url: `${base}/Patient?name=x`, headers })
  assert.ok(body.startsWith('{"resourceType":"Bundle","type":"searchset","total":0,'))
  assert.ok(!body.includes('entry'))
})

// biome-ignore format: a table
for (const [what, request, types, compartment] of [
  ['a type', { url: `${base}/Patient?name=x` }, ['Patient'], undefined],
  ['a type by POST', { url: `${base}/Patient/_search`, method: 'POST', payload: 'name=x', headers: form }, ['Patient'], undefined],
  ['the types of _type', { url: `${base}?_type=Patient,Observation` }, ['Patient', 'Observation'], undefined],
  ['all types by POST', { url: `${base}/_search`, method: 'POST', payload: '_id=x&_type=Patient', headers: form }, ['Patient'], undefined],
  ['a compartment', { url: `${base}/Patient/1/Observation?code=x` }, ['Observation'], '1'],
  ['a compartment by POST', { url: `${base}/Patient/1/Observation/_search`, method: 'POST', headers: form, payload: 'code=x' }, ['Observation'], '1'],
  ['all of a compartment', { url: `${base}/Patient/1/*?_type=Observation,Condition` }, ['Observation', 'Condition'], '1'],
] as const) {
  test(`search() looks through ${what}`, async () => {
    const { keep, asked } = keeper()
    await using app = await served({ search: keep })
    const response = await app.inject({ headers, ...request } as object)
    assert.equal(response.statusCode, 200, response.body)
    assert.deepEqual(asked[0]?.types, types)
    const [first] = asked[0]?.conditions.get(types[0]) ?? []
    assert.equal(first?.kind === 'compartment' ? first.id : undefined, compartment)
  })
}

// biome-ignore format: a table
for (const [what, url, status, part] of [
  ['an unknown parameter', 'Patient?nam=x', 400, 'name'],
  ['each unknown parameter', 'Patient?foo=x&bar=y', 400, 'nor is there \\"bar\\"'],
  ['a value that is not of its type', 'Patient?birthdate=20-01-01', 400, 'birthdate'],
  ['a code that is none', 'Patient?gender=xyz', 400, 'gender'],
  ['an unknown type', 'Pacient?name=x', 404, 'is not a resource type'],
  ['an unknown type in _type', '?_type=Pacient', 400, '_type'],
  ['an unknown operation', 'Patient/1/$nothing', 501, '$nothing'],
  ['a compartment that there is not', 'Location/1/Observation', 404, 'no compartment'],
  ['a page link that is none', 'Patient?_page=abc', 400, 'link was altered'],
] as const) {
  test(`search() refuses ${what}`, async () => {
    await using app = await served()
    const response = await app.inject({ url: `${base}/${url}`, headers })
    assert.equal(response.statusCode, status, response.body)
    assert.ok(response.body.includes(part), response.body)
  })
}

test('search() refuses a type outside the scopes', async () => {
  await using app = await served({ scopes: 'system/Observation.rs' })
  const response = await app.inject({ url: `${base}/Patient?name=x`, headers })
  assert.equal(response.statusCode, 403)
  assert.match(response.json().issue[0].details.text, /system\/Patient\.s/)
})

test('search() across types without _type looks through what the principal may search', async () => {
  const { keep, asked } = keeper()
  await using app = await served({
    scopes: 'system/Observation.rs system/Patient.s',
    search: keep,
  })
  await app.inject({ url: `${base}?_id=1`, headers })
  const types = asked[0]?.types ?? []
  assert.ok(types.includes('Observation') && types.includes('Patient') && !types.includes('Condition'))
})

test('search() leaves an unknown parameter out when the client prefers that, and says so', async () => {
  await using app = await served({ search: () => ({ matches: patients }) })
  const lenient = { ...headers, prefer: 'return=minimal, handling=lenient' }
  const bundle = (await app.inject({ url: `${base}/Patient?nam=x&name=y`, headers: lenient })).json()
  assert.equal(bundle.link[0].url, 'http://here/clinic/fhir/r4/Patient?name=y')
  assert.equal(bundle.entry[2].search.mode, 'outcome')
  assert.deepEqual(bundle.entry[2].resource.issue[0].expression, ['nam'])
})

test('search() says what was left out of the includes', async () => {
  await using app = await served({ search: () => ({ matches: patients, withheld: ['Provenance'], truncated: true }) })
  const { entry } = (await app.inject({ url: `${base}/Patient?name=y`, headers })).json()
  const codes = entry[2].resource.issue.map(({ code }: { code: string }) => code)
  assert.deepEqual(codes, ['suppressed', 'incomplete'])
})

test('search() shows what _elements and _summary ask for, and counts', async () => {
  await using app = await served({
    search: ({ summary }) => (summary === 'count' ? { total: 7 } : { matches: patients }),
  })
  const ask = async (query: string) => (await app.inject({ url: `${base}/Patient?${query}`, headers })).json()
  const { entry } = await ask('_elements=active')
  assert.equal(entry[0].resource.active, true)
  assert.equal(entry[0].resource.meta.tag[0].code, 'SUBSETTED')
  const { total, entry: none } = await ask('_summary=count')
  assert.deepEqual([total, none], [7, undefined])
})

test('search() links pages, and a link works for this practice, unaltered, where it leads', async () => {
  const other = { ...clinic, number: 2, id: 'other', root: 'http://here/other' }
  const pages = (query: Query, from: object | undefined) => {
    assert.deepEqual(query.used, [['name', 'Zoë & co']])
    return from
      ? { matches: patients.slice(1), previous: { before: 2 } }
      : { matches: patients.slice(0, 1), next: { after: 1 } }
  }
  await using app = await served({ practices: [clinic, other], search: pages })
  const ask = async (url: string) => app.inject({ url: url.replace('http://here', ''), headers })
  const first = (await ask(`${base}/Patient?name=Zo%C3%AB+%26+co&_format=json`)).json()
  assert.deepEqual(
    [first.total, first.link.map(({ relation }: { relation: string }) => relation)],
    [undefined, ['self', 'first', 'next']],
  )
  const next: string = first.link[2].url
  assert.match(next, /^http:\/\/here\/clinic\/fhir\/r4\/Patient\?_page=[\w.-]+&_format=json$/)
  const second = (await ask(next)).json()
  assert.deepEqual(
    second.link.map(({ relation }: { relation: string }) => relation),
    ['self', 'first', 'previous'],
  )
  assert.equal(second.link[0].url, next)
  for (const wrong of [
    next.replace('clinic', 'other'),
    next.replace('Patient', 'Observation'),
    next.replace('_page=W', '_page=X'),
    `${next}&name=other`,
  ]) {
    assert.equal((await ask(wrong)).statusCode, 400, wrong)
  }
})

test('search() follows the dialect: unknown parameters, codes, phone numbers, weak searches', async () => {
  const { keep, asked } = keeper()
  const integra = { ...clinic, dialect: dialects.integra, refuseWeakPatientSearch: true }
  await using app = await served({ practices: [integra], search: keep })
  const ask = async (url: string) =>
    app.inject({ url: `${base}/${url}`, headers: { ...headers, prefer: 'handling=lenient' } })
  const unknown = await ask('Patient?_id=1&pat=Integra')
  assert.equal(unknown.statusCode, 400)
  assert.equal(unknown.json().issue[0].diagnostics, 'INVALID_SEARCH_PARAMETER : pat, ')
  assert.match(unknown.json().text.div, /Operation Outcome/)
  const wrongCode = await ask('Patient?_id=1&gender=xyz')
  assert.equal(wrongCode.statusCode, 403)
  assert.equal(wrongCode.json().issue[0].diagnostics, 'INVALID_SEARCH_PARAMETER: for key [gender]')
  assert.equal((await ask('Patient?gender=male')).statusCode, 400)
  assert.equal((await ask('Patient?gender=male&birthdate=2000-01-01&phone=2015550123')).statusCode, 200)
  const phone = asked[0]?.conditions
    .get('Patient')
    ?.find((each) => each.kind === 'parameter' && each.parameter.code === 'phone')
  const codes = phone?.kind === 'parameter' ? phone.values.map((value) => (value as { code?: string }).code) : []
  assert.ok(codes.includes('(201) 555-0123') && codes.includes('+1 201-555-0123'))
})
