import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Problem } from '#lib'
import { bundleEntries, type Entry } from './entries.ts'
import { planEntries } from './plan.ts'

const uuid = '0e5a4b2c-1111-4222-8333-444455556666'
const stored: Record<string, string[]> = {
  'Practitioner?identifier=npi|1': ['p1'],
  'Practitioner?identifier=npi|2': ['p2', 'p3'],
}
const resolve = async (queries: readonly { type: string; query: string }[]) =>
  queries.map(({ type, query }) => stored[`${type}?${query}`] ?? [])

/** As import has it: ids of the input are kept, a new one follows from the fullUrl. */
const ownId = ({ resource }: Entry) => resource?.parsed.id as string | undefined
const derivedId = ({ fullUrl = 'urn:uuid:none' }: Entry) => fullUrl.slice('urn:uuid:'.length)

const observation = (reference: string) => ({ resourceType: 'Observation', id: 'o', subject: { reference } })
const post = (resource: object, more: object = {}) => ({
  resource,
  request: { method: 'POST', url: (resource as { resourceType: string }).resourceType, ...more },
})

for (const [name, entries, expected] of [
  ['a create keeps its id', [post({ resourceType: 'Patient', id: 'a' })], ['put Patient/a']],
  [
    'a create without id takes the UUID of its fullUrl',
    [{ fullUrl: `urn:uuid:${uuid}`, ...post({ resourceType: 'Patient' }) }],
    [`put Patient/${uuid}`],
  ],
  [
    'a create with id is stored under it, whatever ifNoneExist finds',
    [post({ resourceType: 'Practitioner', id: 'new' }, { ifNoneExist: 'identifier=npi|1' })],
    ['put Practitioner/new'],
  ],
  [
    'a conditional create without id does nothing where one matches',
    [{ fullUrl: 'urn:uuid:x', ...post({ resourceType: 'Practitioner' }, { ifNoneExist: 'identifier=npi|1' }) }],
    ['nothing Practitioner/p1'],
  ],
  [
    'a conditional create without id fails where several match',
    [post({ resourceType: 'Practitioner' }, { ifNoneExist: 'identifier=npi|2' })],
    ['fails Cannot resolve "Practitioner?identifier=npi|2": it matches 2, Practitioner/p2, Practitioner/p3'],
  ],
  [
    'an update',
    [{ resource: { resourceType: 'Patient', id: 'a' }, request: { method: 'PUT', url: 'Patient/a' } }],
    ['put Patient/a'],
  ],
  [
    'an update of a resource without id',
    [{ resource: { resourceType: 'Patient' }, request: { method: 'PUT', url: '/Patient/a' } }],
    ['put Patient/a'],
  ],
  [
    'an update to another id is refused',
    [{ resource: { resourceType: 'Patient', id: 'b' }, request: { method: 'PUT', url: 'Patient/a' } }],
    ['fails Cannot do PUT "Patient/a": its resource has the id b'],
  ],
  [
    'a conditional update goes to its match',
    [{ resource: { resourceType: 'Practitioner' }, request: { method: 'PUT', url: 'Practitioner?identifier=npi|1' } }],
    ['put Practitioner/p1'],
  ],
  ['a deletion', [{ request: { method: 'DELETE', url: 'Patient/a' } }], ['delete Patient/a']],
  [
    'a conditional deletion',
    [{ request: { method: 'DELETE', url: 'Practitioner?identifier=npi|1' } }],
    ['delete Practitioner/p1'],
  ],
  [
    'a conditional deletion of nothing',
    [{ request: { method: 'DELETE', url: 'Practitioner?identifier=npi|9' } }],
    ['nothing Practitioner/undefined'],
  ],
  ['an entry of a collection', [{ resource: { resourceType: 'Patient', id: 'a' } }], ['put Patient/a']],
  [
    'a patch is refused',
    [{ request: { method: 'PATCH', url: 'Patient/a' } }],
    ['fails Cannot do PATCH "Patient/a": only PUT, POST and DELETE are loaded'],
  ],
  [
    'an entry without resource is refused',
    [{ request: { method: 'POST', url: 'Patient' } }],
    ['fails Cannot do POST "Patient": it has no resource'],
  ],
  [
    'a type that R4 does not know is refused',
    [post({ resourceType: 'Pateint', id: 'a' })],
    ['fails Cannot do POST "Pateint": "Pateint" is not a resource type'],
  ],
  [
    'a conditional reference to nothing waits',
    [post(observation('Practitioner?identifier=npi|9'))],
    ['waits Practitioner?identifier=npi|9'],
  ],
  [
    'a conditional reference that matches several fails',
    [post(observation('Practitioner?identifier=npi|2'))],
    ['fails Cannot resolve "Practitioner?identifier=npi|2": it matches 2, Practitioner/p2, Practitioner/p3'],
  ],
] as const) {
  test(`planEntries(): ${name}`, async () => {
    assert.deepEqual((await plan(entries)).map(told), expected)
  })
}

for (const [name, entries, reference, expected] of [
  [
    'a urn of another entry',
    [{ fullUrl: 'urn:uuid:x', ...post({ resourceType: 'Patient', id: 'a' }) }],
    'urn:uuid:x',
    'Patient/a',
  ],
  [
    'the address of another entry',
    [{ fullUrl: 'https://h/Patient/a', ...post({ resourceType: 'Patient', id: 'a' }) }],
    'https://h/Patient/a',
    'Patient/a',
  ],
  [
    'an entry that another resource stands in for',
    [{ fullUrl: 'urn:uuid:x', ...post({ resourceType: 'Practitioner' }, { ifNoneExist: 'identifier=npi|1' }) }],
    'urn:uuid:x',
    'Practitioner/p1',
  ],
  ['a stored resource by its identifier', [], 'Practitioner?identifier=npi|1', 'Practitioner/p1'],
  [
    'an entry by its identifier',
    [post({ resourceType: 'Practitioner', id: 'n', identifier: [{ system: 'npi', value: '9' }] })],
    'Practitioner?identifier=npi|9',
    'Practitioner/n',
  ],
  ['what no entry has', [], 'urn:uuid:y', 'urn:uuid:y'],
  ['a contained resource', [], '#c', '#c'],
] as const) {
  test(`planEntries() leads references to ${name}`, async () => {
    const [first] = await plan([post(observation(reference)), ...entries])
    assert.ok(first?.state === 'write' && first.operation.kind === 'put')
    const subject = { reference: expected }
    assert.deepEqual(JSON.parse(first.operation.text).subject, subject)
    assert.deepEqual((first.operation.resource as { subject: object }).subject, subject)
  })
}

test('planEntries() keeps the text of what it does not change, and takes line breaks out', async () => {
  const text = '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation",\n "id":"o", "v":1.50}}]}'
  const [plan] = await planEntries(bundleEntries(text, JSON.parse(text)), {
    resolve,
    keptId: ownId,
    newId: derivedId,
    isRepeatable: true,
  })
  assert.ok(plan?.state === 'write' && plan.operation.kind === 'put')
  assert.equal(plan.operation.text, '{"resourceType":"Observation","id":"o","v":1.50}')
})

test('planEntries() makes one of two conditional creates of the same', async () => {
  const create = (fullUrl: string) => ({
    fullUrl,
    ...post({ resourceType: 'Practitioner' }, { ifNoneExist: 'identifier=npi|9' }),
  })
  const plans = await plan([create(`urn:uuid:${uuid}`), create('urn:uuid:x')])
  assert.deepEqual(plans.map(told), [`put Practitioner/${uuid}`, `nothing Practitioner/${uuid}`])
})

test('planEntries() fails only the entry whose search can not be asked', async () => {
  const plans = await planEntries(
    bundleEntries(
      ...bundle([post(observation('Practitioner?nothing=1')), post(observation('Practitioner?identifier=npi|1'))]),
    ),
    {
      newId: derivedId,
      async resolve(queries) {
        if (queries.some(({ query }) => query.startsWith('nothing'))) throw new Problem('incorrect', 'Cannot search')
        return resolve(queries)
      },
    },
  )
  assert.deepEqual(
    plans.map(({ state }) => state),
    ['fails', 'write'],
  )
})

test('planEntries() asks for all searches at once', async () => {
  const asked: number[] = []
  const entries = bundleEntries(
    ...bundle([
      post(observation('Practitioner?identifier=npi|1')),
      post(observation('Practitioner?identifier=npi|1')),
      post(observation('Practitioner?identifier=npi|9')),
    ]),
  )
  const counting: typeof resolve = (queries) => {
    asked.push(queries.length)
    return resolve(queries)
  }
  await planEntries(entries, { newId: derivedId, resolve: counting })
  assert.deepEqual(asked, [2])
})

function plan(entries: readonly object[]) {
  return planEntries(bundleEntries(...bundle(entries)), {
    resolve,
    keptId: ownId,
    newId: derivedId,
    isRepeatable: true,
  })
}

function bundle(entries: readonly object[]): [string, { entry: readonly object[] }] {
  const bundle = { resourceType: 'Bundle', type: 'transaction', entry: entries }
  return [JSON.stringify(bundle), bundle]
}

function told(plan: Awaited<ReturnType<typeof planEntries>>[number]): string {
  if (plan.state === 'write') return `${plan.operation.kind} ${plan.operation.type}/${plan.operation.id}`
  if (plan.state === 'nothing') return `nothing ${plan.type}/${plan.id}`
  return plan.state === 'waits' ? `waits ${plan.queries.join()}` : `fails ${plan.problem.message}`
}
