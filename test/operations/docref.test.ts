import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'

type Practice = Awaited<ReturnType<TestApp['addPractice']>>

let app: TestApp
let practice: Practice
let token: string

const document = (id: string, code: string, more: object) => ({
  ...{ resourceType: 'DocumentReference', id, status: 'current', subject: { reference: 'Patient/p' } },
  ...{ type: { coding: [{ system: 'http://loinc.org', code }] }, content: [{ attachment: { data: 'aGk=' } }], ...more },
})
const care = (start: string, end: string) => ({ context: { period: { start, end } } })

const stored = [
  { resourceType: 'Patient', id: 'p' },
  document('ccd-old', '34133-9', { date: '2024-01-05T00:00:00Z', ...care('2019-01-01', '2019-12-31') }),
  document('ccd-new', '34133-9', { date: '2024-06-05T00:00:00Z', ...care('2020-01-01', '2020-12-31') }),
  document('note', '11506-3', { date: '2020-03-01T00:00:00Z' }),
  document('error', '34133-9', { date: '2025-01-01T00:00:00Z', status: 'entered-in-error' }),
  document('others', '34133-9', { date: '2025-01-01T00:00:00Z', subject: { reference: 'Patient/q' } }),
]

before(async () => {
  app = await testApp()
  practice = await app.addPractice('north')
  token = await app.token(practice)
  await app.load(practice, stored)
})
after(() => app?.[Symbol.asyncDispose]())

const idsOf = ({ json }: Answer) =>
  (json.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id).join(' ')

// biome-ignore format: a table
for (const [query, ids] of [
  // without a time the newest of each type
  ['patient=p',                                    'ccd-new note'],
  ['patient=p&type=http://loinc.org|34133-9',      'ccd-new'],
  ['patient=p&on-demand=false',                    'ccd-new note'],
  ['patient=p&start=2020-01-01',                   'ccd-new note'],
  ['patient=p&start=2019-06-01&end=2019-06-30',    'ccd-old'],
  ['patient=p&start=2019&end=2020',                'ccd-new ccd-old note'],
  ['patient=p&end=2019-12-31',                     'ccd-old'],
  ['patient=p&start=2020-03-01&end=2020-03-01&type=11506-3', 'note'],
  ['patient=p&start=2030-01-01',                   ''],
  ['patient=nobody',                               ''],
] as const) {
  test(`$docref?${query}`, async () => {
    const answer = await app.get(practice, `DocumentReference/$docref?${query}`, token)
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.json.type, 'searchset')
    assert.equal(idsOf(answer), ids)
  })
}

test('$docref is asked by POST, with any of several types', async () => {
  const type = {
    coding: [
      { system: 'http://loinc.org', code: '34133-9' },
      { system: 'http://loinc.org', code: '11506-3' },
    ],
  }
  const answer = await app.request({
    ...{ method: 'POST', url: '/north/fhir/r4/DocumentReference/$docref' },
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    payload: JSON.stringify({
      resourceType: 'Parameters',
      parameter: [
        { name: 'patient', valueId: 'p' },
        { name: 'type', valueCodeableConcept: type },
      ],
    }),
  })
  assert.equal(idsOf(answer), 'ccd-new note')
})

// biome-ignore format: a table
for (const [what, query, grant, status, code, says] of [
  ['no patient',            'type=34133-9',                 {}, 400, 'required', /"patient" is missing/],
  ['what is no id',         'patient=a/b',                  {}, 400, 'value', /"a\/b" is not an id/],
  ['what is no date',       'patient=p&start=then',         {}, 400, 'value', /"then" is not a date/],
  ['documents on demand',   'patient=p&on-demand=true',     {}, 400, 'not-supported', /not generated yet/],
  ['a profile',             'patient=p&profile=urn:x',      {}, 400, 'not-supported', /by profile/],
  ['what is not asked for', 'patient=p&status=current',     {}, 400, 'not-supported', /no parameter "status"/],
  ['a type outside',        'patient=p',                    { scope: 'system/Patient.rs' }, 403, 'forbidden', /system\/DocumentReference\.s/],
] as const) {
  test(`$docref refuses ${what}`, async () => {
    const answer = await app.get(practice, `DocumentReference/$docref?${query}`, await app.token(practice, grant))
    assert.equal(answer.status, status, answer.text)
    const [issue] = answer.json.issue
    assert.equal(issue.code, code)
    assert.match(issue.details.text, says)
  })
}

test("$docref finds nothing of another patient in a patient's context", async () => {
  const other = await app.token(practice, { scope: 'patient/*.rs', patients: ['q'] })
  for (const query of ['patient=p', 'patient=p&start=2000'])
    assert.equal(idsOf(await app.get(practice, `DocumentReference/$docref?${query}`, other)), '')
  assert.equal(idsOf(await app.get(practice, 'DocumentReference/$docref?patient=q', other)), 'others')
})

test('$docref is told in the CapabilityStatement, with what it does not do', async () => {
  const { json } = await app.get(practice, 'metadata')
  const { operation } = json.rest[0].resource.find(({ type }: { type: string }) => type === 'DocumentReference')
  const told = operation.find(({ name }: { name: string }) => name === 'docref')
  assert.equal(told.definition, 'http://hl7.org/fhir/us/core/OperationDefinition/docref')
  assert.match(told.documentation, /not generated yet/)
  assert.ok(!operation.some(({ name }: { name: string }) => name === 'meta-add'), 'nothing can be written here')
})
