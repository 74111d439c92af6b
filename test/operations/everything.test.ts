/** What is the patient's is worked out here over the JSON that was stored; it imports nothing of what answers. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { generate } from '#sandbox'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'

// biome-ignore lint/suspicious/noExplicitAny: resources of all types
type Resource = any
type Practice = Awaited<ReturnType<TestApp['addPractice']>>

let app: TestApp
let practice: Practice
let stored: Map<string, Resource>
let patients: readonly string[]
let token: string

before(async () => {
  app = await testApp()
  practice = await app.addPractice('north')
  const resources = [...generate({ patients: 3, seed: 5, usCore: '6.1.0' })].map((line) => JSON.parse(line) as Resource)
  resources.push(...extra)
  for (let at = 0; at < resources.length; at += 500) await app.load(practice, resources.slice(at, at + 500))
  stored = new Map(resources.map((resource) => [nameOf(resource), resource]))
  patients = resources.filter(({ resourceType }) => resourceType === 'Patient').map(({ id }) => id)
  token = await app.token(practice)
})
after(() => app?.[Symbol.asyncDispose]())

/** What the generator does not make. */
const extra = [
  { resourceType: 'Patient', id: 'x', generalPractitioner: [{ reference: 'Practitioner/x-escaped' }] },
  { resourceType: 'Practitioner', id: 'x-escaped' },
  { resourceType: 'Practitioner', id: 'x-nobodys' },
  {
    ...{
      resourceType: 'Observation',
      id: 'x-old',
      status: 'final',
      code: { text: 'reference' },
      subject: { reference: 'Patient/x' },
    },
    effectiveDateTime: '2001-05-05',
    performer: [{ reference: 'http://localhost:8080/north/fhir/r4/Organization/x-absolute/_history/2' }],
  },
  {
    ...{
      resourceType: 'Encounter',
      id: 'x-long',
      status: 'finished',
      class: { code: 'AMB' },
      subject: { reference: 'Patient/x' },
    },
    period: { start: '2002-01-01', end: '2003-06-30' },
    extension: [{ url: 'urn:not-indexed', valueReference: { reference: 'Location/x-extension' } }],
  },
  { resourceType: 'Organization', id: 'x-absolute', name: 'A' },
  { resourceType: 'Location', id: 'x-extension', name: 'L' },
  {
    ...{ resourceType: 'DocumentReference', id: 'x-doc', status: 'current', subject: { reference: 'Patient/x' } },
    content: [{ attachment: { url: 'Binary/x-named' } }],
  },
  { resourceType: 'Binary', id: 'x-named', contentType: 'text/plain', data: 'aGk=' },
  {
    resourceType: 'Binary',
    id: 'x-context',
    contentType: 'text/plain',
    data: 'aGk=',
    securityContext: { reference: 'Patient/x' },
  },
  { resourceType: 'Binary', id: 'x-nobodys', contentType: 'text/plain', data: 'aGk=' },
  { resourceType: 'Device', id: 'x-shared', status: 'active' },
  { resourceType: 'Device', id: 'x-own', status: 'active', patient: { reference: 'Patient/x' } },
  {
    ...{
      resourceType: 'Observation',
      id: 'x-new',
      status: 'final',
      code: { text: 'c' },
      subject: { reference: 'Patient/x' },
    },
    effectiveDateTime: '2020-05-05T23:30:00-04:00',
    device: { reference: 'Device/x-shared' },
    performer: [{ reference: 'Practitioner/x-escaped' }],
    focus: [{ reference: 'Group/x-group' }],
  },
  {
    resourceType: 'Group',
    id: 'x-group',
    type: 'person',
    actual: true,
    member: [{ entity: { reference: 'Patient/x' } }],
  },
  {
    ...{ resourceType: 'Provenance', id: 'x-prov', recorded: '2020-05-06T00:00:00Z' },
    target: [{ reference: 'Observation/x-new' }],
    agent: [{ who: { reference: 'Practitioner/x-nobodys' } }],
  },
]

const nameOf = ({ resourceType, id }: Resource) => `${resourceType}/${id}`

/** Every string of a JSON value that stands under one of these names. */
function stringsUnder(value: unknown, names: readonly string[]): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'string' && names.includes(name) ? [member] : stringsUnder(member, names),
  )
}

const local = (text: string) =>
  /(?:^|north\/fhir\/r4\/)([A-Z]\w+\/[A-Za-z0-9.-]+)(?:\/_history\/\w+)?$/.exec(text)?.[1] ?? ''

const shared = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'HealthcareService',
  'Endpoint',
  'Medication',
  'Substance',
  'Questionnaire',
]

function ownerOf(resource: Resource): string | undefined {
  const [named] = [resource.subject ?? resource.patient ?? resource.beneficiary ?? resource.for].flat()
  if (resource.resourceType === 'Patient') return resource.id
  if (['Provenance', 'Binary', 'Group', ...shared].includes(resource.resourceType)) return undefined
  const actors = (resource.participant ?? []).map(({ actor }: Resource) => actor?.reference)
  const found = [named?.reference, ...actors]
    .map((text) => local(text ?? ''))
    .find((name) => name.startsWith('Patient/'))
  return found?.split('/')[1]
}

function recordOf(patient: string): { own: string[]; also: string[] } {
  const all = [...stored.values()]
  const own = all.filter((resource) => ownerOf(resource) === patient)
  const ownNames = new Set(own.map(nameOf))
  const referred = new Set(own.flatMap((resource) => stringsUnder(resource, ['reference', 'url']).map(local)))
  const also = all.filter((resource) => {
    const { resourceType: type } = resource
    if (shared.includes(type) || (type === 'Device' && !resource.patient)) return referred.has(nameOf(resource))
    const targets = type === 'Provenance' ? resource.target : [resource.securityContext ?? {}]
    if (type === 'Binary' && referred.has(nameOf(resource))) return true
    return (
      ['Provenance', 'Binary'].includes(type) &&
      targets.some(({ reference }: Resource) => ownNames.has(local(reference ?? '')))
    )
  })
  return { own: [...ownNames].sort(), also: also.map(nameOf).sort() }
}

interface Walked {
  readonly own: string[]
  readonly also: string[]
  readonly pages: readonly Answer[]
}

async function walk(path: string, by = token, at: Practice = practice): Promise<Walked> {
  const pages: Answer[] = []
  let next: string | undefined = path
  while (next !== undefined) {
    const page: Answer = await app.get(at, next, by)
    assert.equal(page.status, 200, page.text)
    pages.push(page)
    assert.ok(pages.length < 400, 'no end')
    next = page.json.link.find(({ relation }: Resource) => relation === 'next')?.url.split('/fhir/r4/')[1]
  }
  const names = (mode: string) =>
    pages
      .flatMap(({ json }) => json.entry ?? [])
      .filter(({ search }: Resource) => search.mode === mode)
      .map(({ resource }: Resource) => nameOf(resource))
      .sort()
  return { own: names('match'), also: names('include'), pages }
}

test('$everything is the record of each patient, by whatever pages', async () => {
  for (const patient of patients) {
    const expected = recordOf(patient)
    assert.ok(expected.own.length > 5)
    for (const count of [
      '',
      '?_count=7',
      '?_count=100',
      `?_count=${expected.own.length}`,
      `?_count=${expected.own.length - 1}`,
    ]) {
      if (count === '?_count=7' && expected.own.length > 600) continue
      const { own, also, pages } = await walk(`Patient/${patient}/$everything${count}`)
      assert.deepEqual(own, expected.own, count)
      assert.deepEqual(also, expected.also, count)
      if (count === '') {
        assert.equal(pages.length, 1)
        assert.equal(pages[0]?.json.total, own.length)
        assert.equal(nameOf(pages[0]?.json.entry[0].resource), `Patient/${patient}`)
      }
      for (const page of pages.slice(0, -1)) assert.ok(page.json.entry.length > 0)
    }
  }
})

test('$everything finds what a search of each type finds, to the letter', async () => {
  const [patient = ''] = patients
  const { pages } = await walk(`Patient/${patient}/$everything`)
  const texts = new Map(
    ((pages[0] as Answer).json.entry as Resource[]).map((entry) => [entry.fullUrl, JSON.stringify(entry.resource)]),
  )
  for (const type of [
    'Observation',
    'Condition',
    'Encounter',
    'Immunization',
    'DocumentReference',
    'MedicationRequest',
    'Coverage',
  ]) {
    const parameter = type === 'Coverage' ? 'beneficiary' : 'patient'
    const found = await walk(`${type}?${parameter}=${patient}&_count=1000`)
    assert.ok(found.own.length > 0, type)
    assert.deepEqual([...texts.keys()].filter((url) => url.includes(`/${type}/`)).length, found.own.length, type)
    for (const { fullUrl, resource } of found.pages.flatMap(({ json }) => json.entry))
      assert.equal(texts.get(fullUrl), JSON.stringify(resource))
  }
})

test('$everything refers to what is shared however the reference is written, and to nothing else', async () => {
  const { own, also } = await walk('Patient/x/$everything')
  assert.deepEqual(own, [
    'Device/x-own',
    'DocumentReference/x-doc',
    'Encounter/x-long',
    'Observation/x-new',
    'Observation/x-old',
    'Patient/x',
  ])
  assert.deepEqual(also, [
    ...['Binary/x-context', 'Binary/x-named', 'Device/x-shared', 'Location/x-extension', 'Organization/x-absolute'],
    ...['Practitioner/x-escaped', 'Provenance/x-prov'],
  ])
})

// biome-ignore format: a table
for (const [query, own, also] of [
  ['_type=Observation',                    'Observation/x-new Observation/x-old', ''],
  ['_type=Observation,Device',             'Device/x-own Observation/x-new Observation/x-old', 'Device/x-shared'],
  ['_type=Practitioner&_type=Provenance',  '', 'Practitioner/x-escaped Provenance/x-prov'],
  ['_type=Binary',                         '', 'Binary/x-context Binary/x-named'],
  ['_type=Observation&start=2010',         'Observation/x-new', ''],
  ['_type=Observation&end=2010',           'Observation/x-old', ''],
  // in the practice's zone, which is UTC, it is the next day
  ['_type=Observation&start=2020-05-06',   'Observation/x-new', ''],
  ['_type=Observation&end=2020-05-05',     'Observation/x-old', ''],
  ['_type=Encounter&start=2003-01-01&end=2003-01-31', 'Encounter/x-long', ''],
  ['_type=Encounter&start=2003-07-01',     '', ''],
  ['_type=Encounter&end=2001',             '', ''],
  ['_type=Organization&start=2010',        '', ''],
  ['_type=Organization&end=2010',          '', 'Organization/x-absolute'],
  ['_type=Patient,Device&start=2100',      'Device/x-own Patient/x', ''],
  ['_since=2100-01-01T00:00:00Z',          '', ''],
  ['_type=Group',                          '', ''],
] as const) {
  test(`$everything?${query}`, async () => {
    for (const count of ['', '&_count=1']) {
      const found = await walk(`Patient/x/$everything?${query}${count}`)
      assert.deepEqual([found.own.join(' '), found.also.join(' ')], [own, also], count)
    }
  })
}

test('$everything since a moment is what changed, with the shared resources to which it refers', async () => {
  const before = await walk('Patient/x/$everything?_type=Patient')
  const { lastUpdated } = (before.pages[0] as Answer).json.entry[0].resource.meta
  await app.load(practice, [{ ...stored.get('Observation/x-old'), note: [{ text: 'changed' }] }])
  const changed = await app.get(practice, 'Observation/x-old', token)
  const since = changed.json.meta.lastUpdated
  assert.ok(since > lastUpdated)
  const found = await walk(`Patient/x/$everything?_since=${since}`)
  assert.deepEqual([found.own, found.also], [['Observation/x-old'], ['Organization/x-absolute']])
})

test('$everything is asked by POST, too, and for the one patient in context', async () => {
  const parameter = [
    { name: '_type', valueCode: 'Observation' },
    { name: 'start', valueDate: '2010-01-01' },
  ]
  const posted = await app.request({
    method: 'POST',
    url: '/north/fhir/r4/Patient/x/$everything',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    payload: JSON.stringify({ resourceType: 'Parameters', parameter }),
  })
  assert.deepEqual(
    posted.json.entry.map(({ resource }: Resource) => nameOf(resource)),
    ['Observation/x-new'],
  )
  const own = await app.token(practice, { scope: 'patient/*.rs', patients: ['x'] })
  assert.deepEqual((await walk('Patient/$everything?_count=3', own)).own, recordOf('x').own)
})

// biome-ignore format: a table
for (const [what, path, grant, status, says] of [
  ['an unknown patient',       'Patient/nobody/$everything',           {}, 404, /Patient\/nobody is not known/],
  ['a patient of another',     'Patient/x/$everything',                { scope: 'patient/*.rs', patients: ['y'] }, 404, /not known/],
  ['a token without Patient',  'Patient/x/$everything',                { scope: 'system/Observation.rs' }, 403, /system\/Patient\.s/],
  ['nobody in context',        'Patient/$everything',                  {}, 400, /names no patients; ask for Patient\/\{id\}/],
  ['two in context',           'Patient/$everything',                  { scope: 'user/*.rs', user: 'RelatedPerson/1', role: 'guardian', patients: ['x', 'y'] }, 400, /names 2 patients/],
  ['another type',             'Group/x/$everything',                  {}, 501, /not offered for Group/],
  ['an unknown type',          'Patient/x/$everything?_type=Pacient',  {}, 400, /"_type": "Pacient" is not a resource type/],
  ['an unknown parameter',     'Patient/x/$everything?_summary=true',  {}, 400, /no parameter "_summary": it takes start, end/],
  ['a page of none',           'Patient/x/$everything?_count=0',       {}, 400, /at least one/],
  ['an end before the start',  'Patient/x/$everything?start=2020&end=2019', {}, 400, /before the start/],
  ['a page link that is none', 'Patient/x/$everything?_page=abc',      {}, 400, /link was altered/],
] as const) {
  test(`$everything refuses ${what}`, async () => {
    const answer = await app.get(practice, path, await app.token(practice, grant as object))
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.json.issue[0].details.text, says)
  })
}

test('$everything of a deleted patient is gone, and leaves out what was deleted', async () => {
  await app.load(practice, [
    { resourceType: 'Patient', id: 'z' },
    {
      resourceType: 'Observation',
      id: 'z1',
      status: 'final',
      code: { text: 'c' },
      subject: { reference: 'Patient/z' },
    },
  ])
  await app.storeOf(practice).write([{ kind: 'delete', type: 'Observation', id: 'z1' }])
  assert.deepEqual((await walk('Patient/z/$everything')).own, ['Patient/z'])
  await app.storeOf(practice).write([{ kind: 'delete', type: 'Patient', id: 'z' }])
  assert.equal((await app.get(practice, 'Patient/z/$everything', token)).status, 410)
})

test('a page of $everything is of its patient, practice and address only', async () => {
  const south = await app.addPractice('south')
  await app.load(south, [{ resourceType: 'Patient', id: 'x', active: true }])
  const first = await app.get(practice, 'Patient/x/$everything?_count=2', token)
  const next: string = first.json.link.find(({ relation }: Resource) => relation === 'next').url.split('/fhir/r4/')[1]
  assert.equal((await app.get(practice, next.replace('Patient/x', `Patient/${patients[0]}`), token)).status, 400)
  assert.equal((await app.get(south, next, await app.token(south))).status, 400)
  assert.equal((await app.get(practice, `${next}&_type=Patient`, token)).status, 400)
  const stranger = await app.token(practice, { scope: 'patient/*.rs', patients: ['y'] })
  assert.equal((await app.get(practice, next, stranger)).status, 404)
  const { own } = await walk('Patient/x/$everything', await app.token(south), south)
  assert.deepEqual(own, ['Patient/x'])
})

test('a record of one page takes three statements', async () => {
  app.takeStatements()
  await app.get(practice, `Patient/${patients[0]}/$everything`, token)
  // the practice is looked up every few seconds only
  const statements = app.takeStatements().filter((statement) => !statement.includes('from practice'))
  assert.equal(statements.length, 3, statements.join('\n\n'))
})
