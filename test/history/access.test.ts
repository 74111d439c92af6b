/** A version is for those who could see it by its own content; a label of the newest hides the earlier ones, too. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PracticeRecord } from '#platform'
import type { Grant } from '#smart'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp
let practice: PracticeRecord

const restricted = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R'
const [system, code] = restricted.split('|')
const labelled = { meta: { security: [{ system, code }] } }
const of = (patient: string) => ({ subject: { reference: `Patient/${patient}` } })
const category = (name: string) => ({
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: name }] }],
})
const observation = (id: string, more: object) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'x' },
  ...more,
})
const binary = (id: string, data: string, more: object = {}) => ({
  ...{ resourceType: 'Binary', id, contentType: 'text/plain', data },
  ...more,
})
const provenance = (target: string) => ({
  ...{ resourceType: 'Provenance', id: 'prov', recorded: '2024-01-01T00:00:00Z' },
  ...{ target: [{ reference: target }], agent: [{ who: { reference: 'Practitioner/dr' } }] },
})
const context = (patient: string) => ({ securityContext: { reference: `Patient/${patient}` } })

before(async () => {
  app = await testApp()
  practice = await app.addPractice('north', { sensitive: `${restricted}=provider-apps` })
  await app.load(practice, [
    ...['p1', 'p2'].map((id) => ({ resourceType: 'Patient', id })),
    { resourceType: 'Practitioner', id: 'dr' },
    ...[observation('obs1', of('p1')), observation('obs2', of('p2'))],
  ])
  const rounds: object[][] = [
    [
      observation('moved', of('p1')),
      observation('labelled', { ...of('p1'), ...labelled }),
      observation('gone', of('p1')),
      observation('marked', of('p1')),
      observation('kind', { ...of('p1'), ...category('laboratory'), effectiveDateTime: '2024-01-01' }),
      binary('moved', 'YQ==', context('p1')),
      binary('named', 'YQ=='),
      provenance('Observation/obs1'),
      {
        ...{ resourceType: 'DocumentReference', id: 'doc', status: 'current', ...of('p1') },
        content: [{ attachment: { url: 'Binary/named' } }],
      },
    ],
    [
      observation('moved', of('p2')),
      observation('labelled', { ...of('p1'), status: 'amended' }),
      observation('gone', { ...of('p1'), ...labelled }),
      observation('marked', { ...of('p1'), ...labelled }),
      observation('kind', { ...of('p1'), ...category('vital-signs'), effectiveDateTime: '2024-01-02' }),
      binary('moved', 'Yg==', context('p2')),
      binary('named', 'Yg=='),
      provenance('Observation/obs2'),
    ],
  ]
  for (const resources of rounds) await app.load(practice, resources)
  await app.storeOf(practice).write([{ kind: 'delete', type: 'Observation', id: 'gone' }])
  const south = await app.addPractice('south')
  await app.load(south, [{ resourceType: 'Patient', id: 'p1', name: [{ family: 'South' }] }])
  await app.load(south, [{ resourceType: 'Patient', id: 'p1', name: [{ family: 'Southern' }] }])
})
after(() => app[Symbol.asyncDispose]())

const inPerson = (patient: string, scope = 'patient/*.rs'): Partial<Grant> => ({
  ...{ user: `Patient/${patient}`, role: 'patient', patients: [patient], scope },
})
const clinician: Partial<Grant> = { user: 'Practitioner/dr', role: 'clinician', scope: 'user/*.rs' }
const operator: Partial<Grant> = { scope: 'system/*.rs' }

/** Which of the versions 1 to 3 each principal reads by vread. */
// biome-ignore format: a table
const expected: readonly (readonly [who: string, grant: Partial<Grant>, name: string, seen: string])[] = [
  ['the operator',           operator,                                                   'Observation/moved',    '12'],
  ['the patient of before',  inPerson('p1'),                                             'Observation/moved',    '1'],
  ['the patient of now',     inPerson('p2'),                                             'Observation/moved',    '2'],
  ['a clinician',            clinician,                                                  'Observation/labelled', '2'],
  ['the patient in person',  inPerson('p1'),                                             'Observation/labelled', '12'],
  ['another patient',        inPerson('p2'),                                             'Observation/labelled', ''],
  ['a clinician, from whom the newest version is hidden', clinician,                     'Observation/gone',     ''],
  ['a clinician, from whom the newest version is hidden', clinician,                     'Observation/marked',   ''],
  ['the patient in person',  inPerson('p1'),                                             'Observation/marked',   '12'],
  ['the patient in person',  inPerson('p1'),                                             'Observation/gone',     '12-'],
  ['another patient',        inPerson('p2'),                                             'Observation/gone',     ''],
  ['laboratory only',        inPerson('p1', 'patient/Observation.rs?category=laboratory'), 'Observation/kind',   '1'],
  ['vital signs only',       inPerson('p1', 'patient/Observation.rs?category=vital-signs'), 'Observation/kind',  '2'],
  ['a date, which no earlier version can be held against', inPerson('p1', 'patient/Observation.rs?date=ge2024'), 'Observation/kind', '2'],
  ['the context of before',  inPerson('p1'),                                             'Binary/moved',         '1'],
  ['the context of now',     inPerson('p2'),                                             'Binary/moved',         '2'],
  ['who is named now',       inPerson('p1'),                                             'Binary/named',         '2'],
  ['the operator',           operator,                                                   'Binary/named',         '12'],
  ['the target of before',   inPerson('p1'),                                             'Provenance/prov',      '1'],
  ['the target of now',      inPerson('p2'),                                             'Provenance/prov',      '2'],
  ['staff',                  clinician,                                                  'Provenance/prov',      '12'],
]

for (const [who, grant, name, seen] of expected) {
  test(`${who} is shown versions "${seen}" of ${name}`, async () => {
    const token = await app.token(practice, grant)
    assert.equal(await readEach(name, token), seen, 'vread')
    const history = await app.get(practice, `${name}/_history`, token)
    assert.equal(history.status, seen === '' ? 404 : 200, history.text)
    assert.equal(listed(history.json, name), seen, 'history of the resource')
    assert.equal(history.json.total, seen === '' ? undefined : seen.length)
    const [type] = name.split('/')
    for (const path of [`${type}/_history`, '_history']) {
      const all = await app.get(practice, path, token)
      assert.equal(listed(all.json, name), seen, path)
    }
  })
}

/** The numbers of the versions that are read, "-" for a deletion; the rest are not known. */
async function readEach(name: string, token: string): Promise<string> {
  let seen = ''
  for (const version of [1, 2, 3]) {
    const { status, text } = await app.get(practice, `${name}/_history/${version}`, token)
    assert.ok([200, 404, 410].includes(status), text)
    if (status === 200) seen += version
    if (status === 410) seen += '-'
  }
  return seen
}

interface Entry {
  readonly fullUrl: string
  readonly resource?: unknown
  readonly response: { readonly etag: string }
}

function listed({ entry = [] }: { entry?: Entry[] }, name: string): string {
  return entry
    .filter(({ fullUrl }) => fullUrl.endsWith(`/${name}`))
    .map(({ resource, response }) => (resource ? response.etag.replace(/\D/g, '') : '-'))
    .reverse()
    .join('')
}

test('410 and a history are for the same people', async () => {
  for (const [grant, status] of [
    [inPerson('p1'), 410],
    [clinician, 404],
    [inPerson('p2'), 404],
  ] as const) {
    const token = await app.token(practice, grant)
    assert.equal((await app.get(practice, 'Observation/gone', token)).status, status)
  }
})

test('nothing of another practice is in any history', async () => {
  const token = await app.token(practice, operator)
  for (const path of ['Patient/p1/_history', 'Patient/_history', '_history']) {
    const { text, status } = await app.get(practice, path, token)
    assert.equal(status, 200, text)
    assert.ok(!text.includes('South'), path)
  }
  assert.equal((await app.get(practice, 'Patient/p1/_history/2', token)).status, 404)
})

test('a history of all holds no more than what a patient may see', async () => {
  const { json } = await app.get(practice, '_history?_count=1000', await app.token(practice, inPerson('p2')))
  const names = (json.entry as Entry[]).map(({ fullUrl }) => fullUrl.split('/').slice(-2).join('/'))
  assert.deepEqual([...new Set(names)].toSorted(), [
    'Binary/moved',
    'Observation/moved',
    'Observation/obs2',
    'Patient/p2',
    'Practitioner/dr',
    'Provenance/prov',
  ])
})

// biome-ignore format: a table
for (const [scope, path, status] of [
  ['patient/Observation.r',  'Observation/moved/_history',   200],
  ['patient/Observation.r',  'Observation/moved/_history/1', 200],
  ['patient/Observation.r',  'Observation/_history',         403],
  ['patient/Observation.s',  'Observation/_history',         200],
  ['patient/Observation.s',  'Observation/moved/_history',   403],
  ['patient/Observation.s',  'Observation/moved/_history/1', 403],
  ['patient/Observation.rs', 'Condition/_history',           403],
  ['patient/Observation.rs', 'Condition/x/_history',         403],
  ['patient/Observation.rs', 'Condition/x/_history/1',       403],
  ['patient/Observation.rs', '_history',                     200],
  ['patient/*.rs',           'Group/_history',               403],
  ['system/*.rs',            'AuditEvent/_history',          403],
] as const) {
  test(`${scope} gets ${status} of ${path}`, async () => {
    const token = await app.token(practice, inPerson('p1', scope))
    const { status: answered, text } = await app.get(practice, path, token)
    assert.equal(answered, status, text)
  })
}

test('a stranger gets 401 of every history', async () => {
  for (const path of ['_history', 'Patient/_history', 'Patient/p1/_history', 'Patient/p1/_history/1']) {
    assert.equal((await app.get(practice, path)).status, 401, path)
  }
})
