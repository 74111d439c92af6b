import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'

type Practice = Awaited<ReturnType<TestApp['addPractice']>>

let app: TestApp
let practice: Practice
let token: string

const coding = (text: string) => text.split(' ').map((code) => ({ system: 'urn:c', code }))
const observation = (id: string, code: string, effectiveDateTime?: string, more: object = {}) => ({
  ...{ resourceType: 'Observation', id, status: 'final', subject: { reference: 'Patient/p' }, ...more },
  code: code.startsWith("'") ? { text: code } : { coding: coding(code) },
  ...(effectiveDateTime && { effectiveDateTime }),
})
const vital = { category: [{ coding: [{ code: 'vital-signs' }] }] }

const stored = [
  { resourceType: 'Patient', id: 'p' },
  { resourceType: 'Patient', id: 'q' },
  observation('weight1', 'weight', '2020-01-01', vital),
  observation('weight2', 'weight', '2020-02-01', vital),
  observation('weight3', 'weight local', '2020-03-01', vital),
  observation('local1', 'local', '2020-02-15'),
  observation('other-system', 'x', '2020-01-05', { code: { coding: [{ system: 'urn:other', code: 'weight' }] } }),
  observation('tied1', 'tied', '2020-04-01T10:00:00Z'),
  observation('tied2', 'tied', '2020-04-01T12:00:00+02:00'),
  observation('tied0', 'tied', '2020-03-31'),
  observation('undated', 'undated'),
  observation('text1', "'Text", '2020-01-02'),
  observation('text2', "'text", '2020-01-03'),
  observation('others', 'weight', '2021-01-01', { ...vital, subject: { reference: 'Patient/q' } }),
]
const deleted = observation('deleted', 'weight', '2022-01-01')

before(async () => {
  app = await testApp()
  practice = await app.addPractice('north')
  token = await app.token(practice)
  await app.load(practice, [...stored, deleted])
  await app.storeOf(practice).write([{ kind: 'delete', type: 'Observation', id: 'deleted' }])
})
after(() => app?.[Symbol.asyncDispose]())

const idsOf = ({ json }: Answer) =>
  (json.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).join(' ')

// biome-ignore format: a table; newest first
for (const [query, ids] of [
  ['patient=p',                       'tied2 tied1 weight3 other-system text2 text1 undated'],
  ['subject=Patient/p&max=2',         'tied2 tied1 weight3 local1 other-system text2 text1 undated'],
  ['patient=p&category=vital-signs',  'weight3'],
  ['patient=p&category=vital-signs&max=2', 'weight3 weight2'],
  ['patient=p&category=vital-signs&max=9', 'weight3 weight2 weight1'],
  ['patient=p&code=urn:c|tied&max=3', 'tied2 tied1 tied0'],
  // what is looked through has no translation then
  ['patient=p&date=lt2020-03-01&max=1', 'local1 weight2 other-system text2 text1'],
  ['patient=q',                       'others'],
  ['patient=nobody',                  ''],
  ['patient=p&status=cancelled',      ''],
] as const) {
  test(`$lastn?${query}`, async () => {
    const answer = await app.get(practice, `Observation/$lastn?${query}`, token)
    assert.equal(answer.status, 200, answer.text)
    // those of the same time in any order
    const inOrder = (text: string) => text.replace('tied1 tied2', 'tied2 tied1')
    assert.equal(inOrder(idsOf(answer)), ids)
    assert.equal(answer.json.total, ids.split(' ').filter(Boolean).length)
  })
}

test('$lastn is asked by POST, too', async () => {
  const parameter = [
    { name: 'patient', valueString: 'p' },
    { name: 'code', valueString: 'tied' },
    { name: 'max', valueInteger: 3 },
  ]
  const post = (given: object[]) =>
    app.request({
      ...{ method: 'POST', url: '/north/fhir/r4/Observation/$lastn' },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
      payload: JSON.stringify({ resourceType: 'Parameters', parameter: given }),
    })
  assert.equal((await post(parameter)).json.total, 3)
  const refused = await post([...parameter, { name: 'category', valueCoding: { code: 'vital-signs' } }])
  assert.equal(refused.status, 400)
  assert.match(refused.json.issue[0].details.text, /"category": a value of a search is given as text/)
})

// biome-ignore format: a table
for (const [what, query, grant, status, says] of [
  ['no patient',             'code=x',                   {}, 400, /"patient" is missing/],
  ['a patient by name only', 'patient.name=x',           {}, 400, /"patient" is missing/],
  ['two patients',           'patient=p,q',              {}, 400, /is of one patient/],
  ['a maximum of none',      'patient=p&max=0',          {}, 400, /at least one/],
  ['an unknown parameter',   'patient=p&cod=x',          {}, 400, /cod/],
  ['pages',                  'patient=p&_count=3',       {}, 400, /"_count": \$lastn answers one page/],
  ['includes',               'patient=p&_include=*',     {}, 400, /"_include"/],
  ['a type outside',         'patient=p',                { scope: 'system/Patient.rs' }, 403, /system\/Observation\.s/],
  ['a chain over one',       'patient=p&performer:Practitioner.name=x', { scope: 'system/Observation.rs' }, 403, /system\/Practitioner\.s/],
] as const) {
  test(`$lastn refuses ${what}`, async () => {
    const answer = await app.get(practice, `Observation/$lastn?${query}`, await app.token(practice, grant))
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.json.issue[0].details.text, says)
  })
}

test('$lastn looks through nothing that may not be seen', async () => {
  const other = await app.token(practice, { scope: 'patient/*.rs', patients: ['q'] })
  assert.equal(idsOf(await app.get(practice, 'Observation/$lastn?patient=p', other)), '')
  const vitals = await app.token(practice, { scope: 'system/Observation.rs?category=vital-signs' })
  // the translation stands in one that is seen, what it translates in one that is not
  assert.equal(idsOf(await app.get(practice, 'Observation/$lastn?patient=p&max=9', vitals)), 'weight3 weight2 weight1')
})
