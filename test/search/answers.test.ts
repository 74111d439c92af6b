/** How a search is answered: counts, totals, summaries, elements, forms. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp
let token: string
let practice: Awaited<ReturnType<TestApp['addPractice']>>

before(async () => {
  app = await testApp()
  practice = await app.addPractice('north')
  token = await app.token(practice)
  const text = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">x</div>' }
  const people = ['a', 'b', 'c'].map((id) => ({
    resourceType: 'Patient',
    id,
    text,
    active: true,
    name: [{ family: id }],
    maritalStatus: { text: 'm' },
  }))
  await app.load(practice, [...people, { resourceType: 'Organization', id: 'o', name: 'Clinic' }])
})

after(() => app[Symbol.asyncDispose]())

const get = async (query: string) => {
  const answer = await app.get(practice, query, token)
  assert.equal(answer.status, 200, answer.text)
  return answer.json
}

test('_count=0 and _summary=count answer the number alone', async () => {
  for (const query of ['Patient?_count=0', 'Patient?_summary=count', 'Patient?active=true&_count=0']) {
    const bundle = await get(query)
    assert.equal(bundle.total, 3, query)
    assert.equal(bundle.entry, undefined, query)
  }
})

test('_total=accurate counts what later pages hold too', async () => {
  const bundle = await get('Patient?_count=1&_total=accurate')
  assert.equal(bundle.total, 3)
  assert.equal(bundle.entry.length, 1)
  assert.equal((await get('Patient?_count=1')).total, undefined)
  assert.equal((await get('Patient?name=zzz&_total=accurate')).total, 0)
})

test('the total counts matches, not what is included', async () => {
  await app.load(practice, [
    { resourceType: 'Patient', id: 'with', managingOrganization: { reference: 'Organization/o' }, active: false },
  ])
  const bundle = await get('Patient?active=false&_include=Patient:organization&_total=accurate')
  assert.equal(bundle.total, 1)
  assert.deepEqual(
    bundle.entry.map(({ search }: { search: { mode: string } }) => search.mode),
    ['match', 'include'],
  )
  await app.storeOf(practice).write([{ kind: 'delete', type: 'Patient', id: 'with' }])
})

test('_summary and _elements leave out and say so', async () => {
  const [{ resource: whole }] = (await get('Patient?_id=a')).entry
  assert.equal(whole.maritalStatus.text, 'm')
  assert.equal(whole.meta.tag, undefined)
  for (const [query, has, hasNot] of [
    ['_summary=true', ['name', 'active'], ['maritalStatus', 'text']],
    ['_summary=text', ['text', 'id'], ['name']],
    ['_summary=data', ['name', 'maritalStatus'], ['text']],
    ['_elements=name', ['name', 'id'], ['maritalStatus', 'text', 'active']],
    ['_elements=Patient.name,active', ['name', 'active'], ['maritalStatus']],
    ['_summary=false', ['name', 'text', 'maritalStatus'], []],
  ] as const) {
    const [{ resource }] = (await get(`Patient?_id=a&${query}`)).entry
    for (const name of has) assert.ok(name in resource, `${query} has ${name}`)
    for (const name of hasNot) assert.ok(!(name in resource), `${query} has no ${name}`)
    const codes = resource.meta.tag?.map(({ code }: { code: string }) => code)
    if (query !== '_summary=false') assert.deepEqual(codes, ['SUBSETTED'], query)
  }
})

test('a form is searched as a query, and both together', async () => {
  const post = async (path: string, payload: string) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await app.request({ method: 'POST', url: `/${practice.id}/fhir/r4/${path}`, headers, payload })
    assert.equal(answer.status, 200, answer.text)
    return answer.json.entry?.map(({ resource }: { resource: { id: string } }) => resource.id).sort()
  }
  assert.deepEqual(await post('Patient/_search', 'name=a'), ['a'])
  assert.deepEqual(await post('Patient/_search', 'name=a%2Cb&active=true'), ['a', 'b'])
  assert.deepEqual(await post('Patient/_search?active=true', '_id=b'), ['b'])
  assert.deepEqual(await post('_search', '_type=Organization,Patient&_id=o,a'), ['a', 'o'])
  assert.equal(await post('Patient/_search', 'name=zzz'), undefined)
})

test('a search across types names several', async () => {
  const found = (await get('?_type=Patient,Organization')).entry.map(
    ({ resource }: { resource: { resourceType: string; id: string } }) => resource.resourceType,
  )
  assert.deepEqual(found.toSorted(), ['Organization', 'Patient', 'Patient', 'Patient'])
})

test('the self link says what was understood', async () => {
  const answer = await app.get(practice, 'Patient?name=a&nme=x&_count=5000', token, { prefer: 'handling=lenient' })
  assert.equal(answer.status, 200)
  const self: string = answer.json.link.find(({ relation }: { relation: string }) => relation === 'self').url
  assert.ok(self.endsWith('/Patient?name=a&_count=1000'), self)
})
