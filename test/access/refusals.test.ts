import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Clinic, openClinic } from './clinic.ts'
import { examples } from './examples.ts'
import type { Example } from './model.ts'
import { walk } from './walk.ts'

let clinic: Clinic
before(async () => {
  clinic = await openClinic()
})
after(() => clinic?.[Symbol.asyncDispose]())

function example(name: string): Example {
  const found = examples.find((each) => each.name === name)
  assert.ok(found, name)
  return found
}

const patient = () => example('a patient in person')
const operator = () => example('the operator')

function sentence(text: string): string {
  return (JSON.parse(text) as { issue: [{ details: { text: string } }] }).issue[0].details.text
}

for (const path of [
  'Observation?subject:Group._id=g1',
  'Observation?subject:Patient.general-practitioner:Practitioner._has:AuditEvent:agent:action=R',
  'Practitioner?_has:AuditEvent:agent:_lastUpdated=gt2000',
  'Patient?_has:Group:member:_id=g1',
  'Patient?_has:Group:member:_id=g1&_summary=count',
  'Patient?_has:Group:member:_id=g1&_total=accurate',
  'Group?_summary=count',
  'MessageHeader',
  'AuditEvent?_total=accurate',
  'Patient/p1/AuditEvent',
  '?_type=Patient,AuditEvent',
]) {
  test(`S-5: ${path} is refused before a row is read`, async () => {
    const token = await clinic.tokenOf(patient())
    clinic.app.takeStatements()
    const reply = await clinic.get('north', path, token)
    assert.equal(reply.status, 403, reply.text)
    assert.match(reply.text, /AuditEvent|Group|MessageHeader/)
    const statements = clinic.app.takeStatements()
    assert.ok(
      // the ages of patients, which the practice's rules ask for, are read by key
      statements.every((statement) => !/from resource (?!where practice = \$1 and key = any)/.test(statement)),
      statements.join('\n'),
    )
  })
}

test('a type outside the scopes is refused by name of the scope, never answered with an empty Bundle', async () => {
  const token = await clinic.tokenOf(example('a patient with two types'))
  for (const [path, scope] of [
    ['Condition', 'patient/Condition.s'],
    ['Condition/cond-p1', 'patient/Condition.r'],
    ['Patient/p1/Condition', 'patient/Condition.s'],
  ] as const) {
    const reply = await clinic.get('north', path, token)
    assert.equal(reply.status, 403)
    assert.ok(sentence(reply.text).includes(scope), reply.text)
    assert.match(String(reply.headers['www-authenticate']), /insufficient_scope/)
  }
})

test('S-1: an include of a type outside the scopes is left out, and the answer says so', async () => {
  const token = await clinic.tokenOf(example('a patient with two types'))
  for (const [path, left] of [
    ['Observation?_include=Observation:encounter', 'Encounter'],
    ['Observation?_include=Observation:performer:Practitioner', 'Practitioner'],
    ['Observation?_include=Observation:performer', 'Practitioner'],
    ['Observation?_include=*', 'Encounter'],
    ['Patient?_revinclude=Condition:subject', 'Condition'],
    ['Patient?_revinclude=*', 'Condition'],
    ['Patient?_revinclude=Observation:subject&_revinclude:iterate=Provenance:target', 'Provenance'],
  ] as const) {
    const found = await walk(clinic, 'north', path, token)
    assert.equal(found.status, 200, found.says)
    assert.ok(
      found.included.every((name) => /^(Patient|Observation)\//.test(name)),
      found.included.join(),
    )
    assert.match(found.says, new RegExp(`left out.*\\b${left}\\b`), path)
  }
})

test('S-2: a foreign id is answered exactly as an unknown one', async () => {
  const token = await clinic.tokenOf(patient())
  for (const [type, id] of [
    ['Patient', 'p3'],
    ['Observation', 'obs-p3'],
    ['Observation', 'nobodys'],
    ['Binary', 'bin-p3'],
    ['Provenance', 'prov-p3'],
    ['Coverage', 'cov-p3'],
  ]) {
    const [foreign, unknown] = [
      await clinic.get('north', `${type}/${id}`, token),
      await clinic.get('north', `${type}/never`, token),
    ]
    const plain = (reply: typeof foreign) =>
      reply.text
        .replaceAll(id ?? '', 'ID')
        .replaceAll('never', 'ID')
        .replace(/Request [\w.-]+/g, 'REQUEST')
    assert.equal(foreign.status, 404)
    assert.equal(plain(foreign), plain(unknown))
    assert.deepEqual(Object.keys(foreign.headers), Object.keys(unknown.headers))
  }
})

test('a search for foreign rows finds nothing, and tells of none', async () => {
  const token = await clinic.tokenOf(patient())
  for (const path of [
    'Patient?_id=p3,p1',
    'Patient?_id=p1,p2,p3,p4',
    'Patient?_id:not=x',
    'Patient?name=family',
    'Patient?link=Patient/p1',
  ]) {
    const found = await walk(clinic, 'north', `${path}&_total=accurate`, token)
    const expected = path.includes('link') ? [] : ['Patient/p1']
    assert.deepEqual([found.matches, found.total], [expected, expected.length], path)
  }
  for (const path of [
    'Observation?patient=p3',
    'Observation?subject=Patient/p3',
    'Patient/p3/Observation',
    'Patient/p3/*',
  ]) {
    for (const more of ['_summary=count', '_total=accurate', '_count=0', '_elements=id']) {
      const found = await walk(clinic, 'north', `${path}${path.includes('?') ? '&' : '?'}${more}`, token)
      assert.deepEqual([found.matches, found.total ?? 0], [[], 0], `${path} ${more}`)
    }
  }
})

test('POST _search answers as GET does', async () => {
  for (const who of [patient(), operator(), example('a guardian of two')]) {
    const token = await clinic.tokenOf(who)
    const query = 'category=laboratory&_include=*&_revinclude=Provenance:target&_total=accurate'
    const [got, posted] = [
      await clinic.get('north', `Observation?${query}`, token),
      await clinic.post('north', 'Observation/_search', token, query),
    ]
    assert.equal(posted.text, got.text)
  }
  const other = await clinic.post(
    'north',
    'Patient/p3/Observation/_search',
    await clinic.tokenOf(patient()),
    '_total=accurate',
  )
  assert.equal((JSON.parse(other.text) as { total: number }).total, 0)
})

test('a paging link gives nobody the rights of another', async () => {
  const first = await walk(clinic, 'north', 'Observation?_count=2&_total=accurate', await clinic.tokenOf(operator()))
  const next = first.links.find((link) => link.includes('_page='))
  assert.ok(next)
  const own = await walk(clinic, 'north', next, await clinic.tokenOf(patient()))
  assert.equal(own.status, 200)
  const all = new Set((await walk(clinic, 'north', 'Observation', await clinic.tokenOf(patient()))).matches)
  assert.ok(own.matches.length > 0 && own.matches.every((name) => all.has(name)), own.matches.join())
  assert.equal(own.total, all.size)

  const tokenOfNone = await clinic.tokenOf(example('an app that is not permitted'))
  assert.equal((await clinic.get('north', next, tokenOfNone)).status, 403)
  assert.equal((await clinic.get('north', next, undefined)).status, 401)
  const atSouth = await clinic.tokenOf(example('a patient at another practice'))
  assert.equal((await clinic.get('south', next.replace('/north/', '/south/'), atSouth)).status, 400)
  assert.equal((await clinic.get('north', next, atSouth)).status, 401)
  for (const altered of [
    next.replace(/.(?=[^.]*$)/, 'x'),
    `${next}x`,
    next.replace('Observation?', 'Patient?'),
    `${next}&patient=p1`,
  ]) {
    assert.equal((await clinic.get('north', altered, await clinic.tokenOf(operator()))).status, 400, altered)
  }
})

test('410 is for who could have read the last version, anybody else gets 404', async () => {
  const practice = clinic.practice('north')
  const label = { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] }
  const observation = (id: string, more: object) => ({
    resourceType: 'Observation',
    id,
    status: 'final',
    code: { text: 'x' },
    ...more,
  })
  const deleted = [
    observation('was-p1', { subject: { reference: 'Patient/p1' } }),
    observation('was-secret', { subject: { reference: 'Patient/p1' }, meta: label }),
    observation('was-p3', { subject: { reference: 'Patient/p3' } }),
    observation('was-nobodys', {}),
  ]
  await clinic.app.load(practice, deleted)
  await clinic.app.storeOf(practice).write(deleted.map(({ id }) => ({ kind: 'delete', type: 'Observation', id })))
  for (const [who, gone] of [
    ['a patient in person', ['was-p1', 'was-secret']],
    ['a guardian of two', ['was-p1']],
    ['a patient context without a person', ['was-p3']],
    ['the operator', ['was-p1', 'was-secret', 'was-p3', 'was-nobodys']],
    ['a clinician', ['was-p1', 'was-p3', 'was-nobodys']],
  ] as const) {
    const token = await clinic.tokenOf(example(who))
    for (const { id } of deleted) {
      const { status } = await clinic.get('north', `Observation/${id}`, token)
      assert.equal(status, (gone as readonly string[]).includes(id) ? 410 : 404, `${who} ${id}`)
    }
  }
  const tokenOfNone = await clinic.tokenOf(example('an app that is not permitted'))
  assert.equal((await clinic.get('north', 'Observation/was-p1', tokenOfNone)).status, 403)
})

test('S-4: a constraint that cannot be applied refuses, whatever else is granted', async () => {
  const practice = clinic.practice('north')
  const inContext = { user: 'Patient/p1', role: 'patient', patients: ['p1'] } as const
  for (const [scope, path, status] of [
    ['patient/Observation.rs?nonsense=1', 'Observation', 403],
    ['patient/Observation.rs?nonsense=1', 'Observation/obs-p1', 403],
    ['patient/*.rs?category=laboratory', 'Patient', 403],
    ['patient/*.rs?category=laboratory', 'Observation', 200],
    ['patient/Observation.rs?category=laboratory&nonsense=1', 'Observation', 403],
    ['patient/Observation.rs?_filter=x', 'Observation', 403],
    ['patient/Observation.rs?date=nonsense', 'Observation', 403],
    ['patient/Observation.rs?category=', 'Observation', 403],
  ] as const) {
    const token = await clinic.app.token(practice, { scope, ...inContext })
    for (const headers of [{}, { prefer: 'handling=lenient' }]) {
      const reply = await clinic.get('north', path, token, headers)
      assert.equal(reply.status, status, `${scope} ${path}: ${reply.text.slice(0, 300)}`)
    }
  }
})

test('S-4: Prefer: handling=lenient leaves out what the client asked, never what it is allowed', async () => {
  for (const who of examples.filter(({ practice }) => practice === 'north')) {
    const token = await clinic.tokenOf(who)
    const [plain, lenient] = [
      await clinic.get('north', 'Observation?_elements=id', token),
      await clinic.get('north', 'Observation?_elements=id&nonsense=1&patinet=p3', token, {
        prefer: 'handling=lenient',
      }),
    ]
    const names = (text: string) => [...text.matchAll(/"fullUrl":"([^"]+)"/g)].map(([, url]) => url)
    assert.deepEqual([lenient.status, names(lenient.text)], [plain.status, names(plain.text)], who.name)
  }
})

test('what guardians of minors may not see is hidden while the age is not known for certain', async () => {
  const practice = clinic.practice('north')
  const adultYear = new Date().getUTCFullYear() - 18
  const security = [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }]
  for (const [id, birthDate, status] of [
    ['age-none', undefined, 404],
    ['age-year', String(adultYear), 404],
    ['age-month', `${adultYear - 1}-01`, 404],
    ['age-child', `${adultYear + 2}-01-01`, 404],
    ['age-adult', `${adultYear - 1}-01-01`, 200],
    ['age-small', `${adultYear + 12}-01-01`, 200],
  ] as const) {
    await clinic.app.load(practice, [
      { resourceType: 'Patient', id, ...(birthDate && { birthDate }) },
      { resourceType: 'Basic', id, meta: { security }, subject: { reference: `Patient/${id}` }, code: { text: 'x' } },
    ])
    const token = await clinic.app.token(practice, {
      ...{ scope: 'user/*.rs', user: 'RelatedPerson/rp-p2', role: 'guardian', patients: [id] },
    })
    assert.equal((await clinic.get('north', `Basic/${id}`, token)).status, status, id)
  }
})

test('S-26: a token is good at its practice, until it ends, and in the header only', async () => {
  const [north, south] = [clinic.practice('north'), clinic.practice('south')]
  const token = await clinic.app.token(north, { scope: 'system/*.rs' })
  const expired = await clinic.app.token(north, { scope: 'system/*.rs', seconds: -1 })
  assert.equal((await clinic.get('north', 'Patient', token)).status, 200)
  for (const path of ['Patient', 'Patient/p1', '', 'Patient/p1/*', '$versions', 'Patient/_history', 'nonsense']) {
    assert.equal((await clinic.get('south', path, token)).status, 401, `another practice's, ${path}`)
    assert.equal((await clinic.get('north', path, expired)).status, 401, `expired, ${path}`)
    assert.equal((await clinic.get('north', path, `${token}x`)).status, 401, `altered, ${path}`)
    assert.equal((await clinic.get('north', path, undefined)).status, 401, `none, ${path}`)
  }
  for (const reply of [
    await clinic.get('north', `Patient?access_token=${token}`, undefined),
    await clinic.get('north', `Patient?access_token=${token}`, token),
    await clinic.get('north', `Patient/p1?Access_Token=${token}`, token),
    await clinic.post('north', 'Patient/_search', token, `access_token=${token}`),
  ]) {
    assert.equal(reply.status, 400)
    assert.ok(!reply.text.includes(token))
  }
  assert.notEqual(north.number, south.number)
})

test('a type that the practice does not offer is not come by in any other way', async () => {
  const practice = await clinic.app.addPractice('small', { types: 'Patient,Observation' })
  await clinic.app.load(practice, [
    { resourceType: 'Patient', id: 'p', generalPractitioner: [{ reference: 'Practitioner/d' }] },
    { resourceType: 'Practitioner', id: 'd', name: [{ family: 'Doe' }] },
    { resourceType: 'Condition', id: 'c', subject: { reference: 'Patient/p' } },
  ])
  const token = await clinic.app.token(practice)
  assert.equal((await clinic.get('small', 'Practitioner/d', token)).status, 404)
  assert.equal((await clinic.get('small', 'Practitioner', token)).status, 404)
  const found = await walk(clinic, 'small', 'Patient?_include=*&_revinclude=*', token)
  assert.deepEqual([found.matches, found.included], [['Patient/p'], []])
  for (const path of [
    'Patient?general-practitioner:Practitioner.name=doe',
    'Patient?_has:Condition:subject:_lastUpdated=gt2000',
  ]) {
    assert.equal((await clinic.get('small', path, token)).status, 403, path)
  }
  assert.deepEqual((await walk(clinic, 'small', '?_count=9', token)).matches, ['Patient/p'])
})
