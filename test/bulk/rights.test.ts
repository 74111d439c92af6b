/** Who may export what: asked at kick-off, at status and at each file, with what holds then (S-9, S-10, P29). */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { permitApp, setPermissionState } from '#platform'
import { keptMs, moveClock } from '../support/clock.ts'
import { begin, type Exporting, ended, exporting, kept, newApp, respondAsync } from './exporting.ts'

let exports: Exporting

before(async () => {
  exports = await exporting({ writes: 'on' })
  await exports.work()
})
after(() => exports[Symbol.asyncDispose]())

const kickOff = (path: string, token: string) => exports.send('GET', `/north/fhir/r4/${path}`, token, respondAsync)

const person = { client: 'operator', user: 'Practitioner/d1' }

// biome-ignore format: a table
for (const [title, scope, grant, path, status] of [
  ['system scopes export',                       'system/*.rs',            {},                                         '$export',               202],
  ['B7: .read is enough',                        'system/*.read',          {},                                         '$export',               202],
  ['B7: .r is enough',                           'system/*.r',             {},                                         '$export',               202],
  ['.s is not',                                  'system/*.s',             {},                                         '$export',               403],
  ['P29: write scopes are not',                  'system/*.cud',           {},                                         '$export',               403],
  ['one type is enough for that type',           'system/Patient.rs',      {},                                         '$export?_type=Patient', 202],
  ['one type gives that type',                   'system/Patient.rs',      {},                                         '$export',               202],
  ['A12: a type that is not allowed is refused', 'system/Patient.rs',      {},                                         '$export?_type=Patient,Observation', 403],
  ['a type that anybody may read takes a scope', 'system/Patient.rs',      {},                                         '$export?_type=ValueSet', 403],
  ['a filter looks over no type that is not allowed', 'system/Observation.rs', {},                                      '$export?_typeFilter=Observation%3Fsubject%3APatient.name%3Dx', 403],
  ['a filter looks over one that is',            'system/Observation.rs system/Patient.rs', {},                        '$export?_typeFilter=Observation%3Fsubject%3APatient.name%3Dx', 202],
  ['a Group needs no scope of its own',          'system/Patient.rs',      {},                                         'Group/g1/$export',      202],
  ['a patient does not export',                  'patient/*.rs',           { patients: ['p1'] },                       'Patient/$export',       403],
  ['a patient with user/ scopes does not',       'user/*.rs',              { ...person, user: 'Patient/p1', role: 'patient' }, 'Patient/$export', 403],
  ['a clinician does not',                       'user/*.rs',              { ...person, role: 'clinician' },           'Patient/$export',       403],
  ['an administrator does',                      'user/*.rs',              { ...person, role: 'administrator' },       'Patient/$export',       202],
  ['user/ scopes without a person do not',       'user/*.rs',              {},                                         'Patient/$export',       403],
] as const) {
  test(`${title}: ${scope} at ${path} is ${status}`, async () => {
    const token = await exports.app.token(exports.practice, { scope, ...grant })
    const answer = await kickOff(path, token)
    assert.equal(answer.status, status, answer.text)
    if (status === 403) assert.equal(answer.json.issue[0].code, 'forbidden')
  })
}

test('a refusal names the scope that would do', async () => {
  const token = await exports.token('system/Patient.rs')
  const answer = await kickOff('$export?_type=Observation', token)
  assert.match(answer.json.issue[0].details.text, /system\/Observation\.r/)
})

test('without a token it is 401', async () => {
  assert.equal((await exports.send('GET', '/north/fhir/r4/$export', undefined, respondAsync)).status, 401)
})

test('an app that is permitted one group exports that group and nothing else', async () => {
  const token = await exports.token('system/*.rs', { client: await newApp(exports), groups: ['g1'] })
  assert.equal((await kickOff('Group/g1/$export', token)).status, 202)
  for (const path of ['Group/g2/$export', 'Patient/$export', '$export']) {
    const answer = await kickOff(path, token)
    assert.equal(answer.status, 403, path)
    assert.match(answer.json.issue[0].details.text, /it may export Group\/g1/)
  }
})

test('an app that is permitted one group learns by no filter what is of others', async () => {
  const token = await exports.token('system/*.rs', { client: await newApp(exports), groups: ['g1'] })
  for (const filter of [
    'Practitioner?_has:Observation:performer:patient=p2',
    'Practitioner?_has:Observation:performer:patient.name=Jones',
    'Observation?performer:Practitioner._has:Observation:performer:code=y',
  ]) {
    const answer = await kickOff(`Group/g1/$export?_typeFilter=${encodeURIComponent(filter)}`, token)
    assert.equal(answer.status, 403, filter)
    assert.match(answer.json.issue[0].details.text, /permits this app some groups only, and others would count/)
  }
  for (const filter of ['Practitioner?name=Doe', 'Observation?performer:Practitioner.name=Doe'])
    assert.equal(
      (await kickOff(`Group/g1/$export?_typeFilter=${encodeURIComponent(filter)}`, token)).status,
      202,
      filter,
    )
})

test('an app that is permitted one group is told the same of a stranger as of nobody', async () => {
  const token = await exports.token('system/*.rs', { client: await newApp(exports), groups: ['g1'] })
  const told = async (id: string) => {
    const parameter = [{ name: 'patient', valueReference: { reference: `Patient/${id}` } }]
    const body = { resourceType: 'Parameters', parameter }
    const answer = await exports.send('POST', '/north/fhir/r4/Group/g1/$export', token, respondAsync, body)
    assert.equal(answer.status, 202, answer.text)
    const done = await ended(exports, String(answer.headers['content-location']), token)
    assert.equal(done.status, 200, done.text)
    const { json } = done
    assert.deepEqual(
      json.output.filter(({ type }: { type: string }) => type === 'Patient'),
      [],
    )
    return (await exports.send('GET', json.error[0].url, token)).text.replaceAll(id, 'ID')
  }
  const [ofStranger, ofNobody] = [await told('p2'), await told('nobody')]
  assert.equal(ofStranger, ofNobody)
  assert.match(ofStranger, /Patient\/ID is no member of the group: nothing of it is exported/)
})

test("others' exports are not known: status, DELETE and files are 404", async () => {
  const [mine, other] = [
    await exports.token('system/*.rs', { client: await newApp(exports) }),
    await exports.token('system/*.rs', { client: await newApp(exports) }),
  ]
  const status = await begin(exports, '$export?_type=Patient', mine)
  const [{ url }] = (await ended(exports, status, mine)).json.output
  assert.equal((await exports.send('GET', url, mine)).status, 200)
  for (const [method, address] of [
    ['GET', status],
    ['DELETE', status],
    ['GET', url],
  ]) {
    assert.equal((await exports.send(method, address, other)).status, 404, `${method} ${address}`)
  }
  const south = await exports.app.addPractice('south')
  const elsewhere = await exports.app.token(south, { scope: 'system/*.rs' })
  for (const address of [status, url]) {
    assert.equal((await exports.send('GET', address, elsewhere)).status, 401, 'a token of another practice')
    assert.equal((await exports.send('GET', address.replace('/north/', '/south/'), elsewhere)).status, 404)
  }
})

test('A3, B23: a token that lacks a type gets neither the status nor the file', async () => {
  const client = await newApp(exports)
  const whole = await exports.token('system/*.rs', { client })
  const status = await begin(exports, '$export?_type=Patient,Observation', whole)
  const { output } = (await ended(exports, status, whole)).json
  const { url } = output.find(({ type }: { type: string }) => type === 'Observation')
  for (const scope of ['system/Patient.rs', 'system/Patient.rs system/Observation.rs?status=final']) {
    const narrow = await exports.app.token(exports.practice, { scope, client })
    assert.equal((await exports.send('GET', url, narrow)).status, 403, scope)
    const own = output.find(({ type }: { type: string }) => type === 'Patient').url
    assert.equal((await exports.send('GET', own, narrow)).status, 200, scope)
  }
  const patients = await exports.app.token(exports.practice, { scope: 'system/Patient.rs', client })
  assert.equal((await exports.send('GET', status, patients)).status, 403)
})

test("files of a person's export need the token, whatever the practice's addresses are", async () => {
  await using own = await exporting({ exportUrls: 'capability' })
  await own.work()
  const scope = 'user/*.rs'
  const token = await own.app.token(own.practice, { scope, ...person, role: 'administrator' })
  const { json } = await ended(own, await begin(own, 'Patient/$export?_type=Patient', token), token)
  assert.equal(json.requiresAccessToken, true)
  assert.equal((await own.send('GET', json.output[0].url)).status, 401)
  assert.equal((await own.send('GET', json.output[0].url, token)).status, 200)
  const another = await own.app.token(own.practice, {
    scope,
    ...person,
    user: 'Practitioner/d2',
    role: 'administrator',
  })
  assert.equal((await own.send('GET', json.output[0].url, another)).status, 404)
})

describe('S-10: what is permitted less, or no more, takes the files away', () => {
  for (const urls of ['bearer', 'capability'] as const) {
    test(`${urls} addresses`, async () => {
      await using own = await exporting({ exportUrls: urls })
      await own.work()
      const { db } = own.app.installation
      const client = await newApp(own)
      const token = await own.token('system/*.rs', { client })
      const status = await begin(own, '$export?_type=Patient', token)
      const manifest = (await ended(own, status, token)).json
      assert.equal(manifest.requiresAccessToken, urls === 'bearer')
      const { url } = manifest.output[0]
      const fetched = () => own.send('GET', url, urls === 'bearer' ? token : undefined)
      assert.equal((await fetched()).status, 200)
      const narrowed = { scopes: 'system/Patient.rs?gender=female', types: undefined, groups: undefined }
      await permitApp(db, own.practice.number, client, narrowed)
      moveClock(keptMs)
      const less = await fetched()
      assert.equal(less.status, 403, less.text)
      await permitApp(db, own.practice.number, client, { ...narrowed, scopes: 'system/*.rs' })
      moveClock(keptMs)
      assert.equal((await fetched()).status, 200, 'permitted again')
      await setPermissionState(db, own.practice.number, client, { state: 'disabled' })
      moveClock(keptMs)
      assert.ok([401, 403].includes((await fetched()).status))
    })
  }

  test('another group than the one that is being exported ends the export, which says so', async () => {
    await using own = await exporting()
    const client = await newApp(own)
    const token = await own.token('system/*.rs', { client, groups: ['g1'] })
    const status = await begin(own, 'Group/g1/$export?_type=Patient', token)
    const others = { scopes: 'system/*.rs', types: undefined, groups: ['g2'] }
    await permitApp(own.app.installation.db, own.practice.number, client, others)
    moveClock(keptMs)
    await own.work()
    while ((await kept(own, status)).state === 'running') await sleep(50)
    const { state, sentence } = await kept(own, status)
    assert.equal(state, 'failed')
    assert.match(sentence ?? '', /^Cannot export Group\/g1: .* some groups only; it may export Group\/g2$/)
  })
})
