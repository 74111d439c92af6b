/** Who belongs to a Group at T: docs/groups.md. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#db'
import { ageCharacteristic, conditionCharacteristic, genderCharacteristic } from '#fhir'
import type { PracticeRecord } from '#platform'
import { membersAt, type See, stateAt } from '#store'
import { queueReindexes, workerOf } from '../../src/app.ts'
import { keyText } from '../../src/store/hash.ts'
import { testApp } from '../support/test-app.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const { db, directory } = app.installation

let practices = 0
const newPractice = () => app.addPractice(`p${++practices}`, { timeZone: 'America/New_York' })

const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...more })
const group = (id: string, more: object) => ({ resourceType: 'Group', id, type: 'person', actual: true, ...more })
const member = (reference: string, more: object = {}) => ({ entity: { reference }, ...more })
const listing = (id: string, ...references: string[]) => group(id, { member: references.map((one) => member(one)) })
const rule = (id: string, ...characteristic: object[]) => group(id, { actual: false, characteristic })

interface Asked {
  readonly t?: number
  readonly see?: See
  readonly since?: number
}

/** Ids of the patients among `ids` who are members; a * behind those who came in after `since`. */
async function members(practice: PracticeRecord, id: string, ids: readonly string[], asked: Asked = {}) {
  const scope = directory.scopeOf(practice)
  const found = await stateAt(db, practice.number, (runner, t) => membersAt(runner, scope, { t, ...asked, group: id }))
  const added = new Map(found.patients.map((one) => [one.key, one.added]))
  const patients = ids.flatMap((one) => {
    const when = added.get(keyText(practice.number, 'Patient', one))
    if (when === undefined) return []
    return asked.since !== undefined && when > asked.since ? [`${one}*`] : [one]
  })
  assert.equal(found.patients.length, patients.length, 'nobody else')
  return { ...found, patients }
}

const takeT = (practice: PracticeRecord) => stateAt(db, practice.number, async (_, t) => t)
const micros = (instant: string) => Date.parse(instant) * 1000

test('an empty group has no members, and one that is not there is refused', async () => {
  const practice = await newPractice()
  await app.load(practice, [patient('a'), group('empty', {})])
  assert.deepEqual(await members(practice, 'empty', ['a']), { patients: [], others: [], notices: [] })
  await assert.rejects(members(practice, 'none', []), { kind: 'not-found', message: 'Group/none is not known' })
})

test('members are those who are stored, active and in their period at T', async () => {
  const practice = await newPractice()
  const ids = ['a', 'inactive', 'over', 'last', 'to-come', 'again']
  await app.load(practice, [
    ...ids.map((id) => patient(id)),
    group('g', {
      member: [
        member('Patient/a'),
        member('Patient/gone'),
        member('Patient/inactive', { inactive: true }),
        member('Patient/over', { period: { end: '2024-01-30' } }),
        member('Patient/last', { period: { start: '2024', end: '2024-01-31' } }),
        member('Patient/to-come', { period: { start: '2024-02' } }),
        member('Patient/again', { period: { end: '2020' } }),
        member('Patient/again', { period: { start: '2024-01-31' } }),
        member('https://elsewhere/Patient/x'),
      ],
    }),
  ])
  const { patients, notices } = await members(practice, 'g', ids, { t: micros('2024-01-31T23:59:59-05:00') })
  assert.deepEqual(patients, ['a', 'last', 'again'])
  assert.deepEqual(
    notices.map(({ sentence }) => sentence),
    [
      'Patient/gone is named as a member of the group, but not stored or not within this access: nothing of it is exported',
    ],
  )
})

test('groups in groups are followed, in circles too; who is no patient stands apart', async () => {
  const practice = await newPractice()
  await app.load(practice, [
    ...['a', 'b', 'c'].map((id) => patient(id)),
    { resourceType: 'Practitioner', id: 'd' },
    listing('top', 'Group/middle', 'Patient/a', 'Group/nowhere'),
    listing('middle', 'Group/low', 'Group/top', 'Patient/b'),
    listing('low', 'Patient/c', 'Group/middle', 'Practitioner/d', 'Patient/a'),
  ])
  const { patients, others, notices } = await members(practice, 'top', ['a', 'b', 'c'])
  assert.deepEqual(patients, ['a', 'b', 'c'])
  assert.deepEqual(others, [keyText(practice.number, 'Practitioner', 'd')])
  assert.match(notices.map(({ sentence }) => sentence).join(), /^Group\/nowhere is named/)
})

test('groups that are nested without an end are followed so far, and it is said', async () => {
  const practice = await newPractice()
  const chain = Array.from({ length: 12 }, (_, i) => listing(`g${i}`, `Group/g${i + 1}`, `Patient/p${i}`))
  const ids = chain.map((_, i) => `p${i}`)
  await app.load(practice, [...ids.map((id) => patient(id)), ...chain, listing('g12')])
  const { patients, notices } = await members(practice, 'g0', ids)
  assert.deepEqual(patients, ids.slice(0, 10))
  assert.match(notices[0]?.sentence ?? '', /more than 10 deep/)
})

test('who came into the group later is known, by a group in it as well; by two ways the first counts', async () => {
  const practice = await newPractice()
  const ids = ['old', 'new', 'nested', 'both']
  await app.load(practice, [
    ...ids.map((id) => patient(id)),
    listing('inner', 'Patient/nested', 'Patient/both'),
    listing('g', 'Patient/old', 'Patient/both'),
  ])
  const since = await takeT(practice)
  await app.load(practice, [listing('g', 'Patient/old', 'Patient/both', 'Patient/new', 'Group/inner')])
  assert.deepEqual((await members(practice, 'g', ids, { since })).patients, ['old', 'new*', 'nested*', 'both'])
})

test('whose time was over or to come, and is changed, comes in anew; by a reindex nobody does', async () => {
  const practice = await newPractice()
  const ids = ['over', 'to-come', 'there', 'always']
  const times = (over: object, toCome: object) =>
    group('g', {
      member: [
        member('Patient/over', { period: over }),
        member('Patient/to-come', { period: toCome }),
        member('Patient/there', { period: { start: '2020' } }),
        member('Patient/always'),
      ],
    })
  await app.load(practice, [...ids.map((id) => patient(id)), times({ end: '2021' }, { start: '2090' })])
  const since = await takeT(practice)
  await app.load(practice, [times({}, { start: '2019' })])
  const wanted = ['over*', 'to-come*', 'there', 'always']
  assert.deepEqual((await members(practice, 'g', ids, { since })).patients, wanted)

  // as rows are that an earlier version wrote
  await db.run(sql`update group_member set starts = null, ends = null where practice = ${practice.number}`)
  await db.run(sql`update index_state set fingerprint = 'older' where practice = ${practice.number}`)
  await queueReindexes(app.installation)
  await using _ = await workerOf(app.installation, { log: undefined, slots: 1 })
  while ((await queueReindexes(app.installation)) > 0) await sleep(20)
  assert.deepEqual((await members(practice, 'g', ids, { since })).patients, wanted)
  const { starts } =
    (await db.maybeOne<{ starts: string }>(
      sql`select starts from group_member where practice = ${practice.number} and member = 'Patient/there'`,
    )) ?? {}
  assert.equal(Number(starts), micros('2020-01-01T05:00:00Z'))
})

test('who may not be seen is told of as if not stored', async () => {
  const practice = await newPractice()
  await app.load(practice, [patient('a'), patient('b'), listing('g', 'Patient/a', 'Patient/b')])
  const see: See = () => ({ any: [{ patients: ['a'], where: [], hidden: [] }] })
  const { patients, notices } = await members(practice, 'g', ['a', 'b'], { see })
  assert.deepEqual(patients, ['a'])
  assert.match(notices[0]?.sentence ?? '', /^Patient\/b is named as a member/)
})

test('a rule finds by age at T, in the time zone of the practice', async () => {
  const practice = await newPractice()
  const ids = ['five', 'four', 'eighteen', 'unborn', 'dead', 'alive']
  await app.load(practice, [
    patient('five', { birthDate: '2019-06-15' }),
    patient('four', { birthDate: '2019-06-16' }),
    patient('eighteen', { birthDate: '2006-06-15' }),
    patient('unborn'),
    patient('dead', { birthDate: '2015-01-01', deceasedDateTime: '2020' }),
    patient('alive', { birthDate: '2015-01-01', deceasedBoolean: false }),
    rule('school', ageCharacteristic({ low: 5, high: 18 })),
    rule('others', { ...ageCharacteristic({ low: 5, high: 18 }), exclude: true }),
  ])
  const t = micros('2024-06-15T23:59:59-04:00')
  assert.deepEqual((await members(practice, 'school', ids, { t })).patients, ['five', 'alive'])
  assert.deepEqual((await members(practice, 'others', ids, { t })).patients, ['four', 'eighteen'])
  const later = micros('2024-06-16T00:00:00-04:00')
  assert.deepEqual((await members(practice, 'school', ids, { t: later })).patients, ['five', 'four', 'alive'])
})

test('a birthday brings somebody in: after a time asked for, the whole record is theirs', async () => {
  const practice = await newPractice()
  await app.load(practice, [
    patient('child', { birthDate: '2080-01-01' }),
    patient('elder', { birthDate: '2070-01-01' }),
    rule('five', ageCharacteristic({ low: 5 })),
  ])
  const since = micros('2084-12-31T12:00:00Z')
  const t = micros('2085-01-02T12:00:00Z')
  assert.deepEqual((await members(practice, 'five', ['child', 'elder'], { t, since })).patients, ['child*', 'elder'])
})

const sct = 'http://snomed.info/sct'
const condition = (id: string, of: string, more: object = {}) => ({
  resourceType: 'Condition',
  id,
  subject: { reference: `Patient/${of}` },
  code: { coding: [{ system: sct, code: '44054006' }] },
  ...more,
})
const status = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code }],
})
const diabetes = conditionCharacteristic(sct, '44054006')

test('a rule finds by gender and by Condition, and who has none', async () => {
  const practice = await newPractice()
  const ids = ['a', 'b', 'c', 'd', 'e']
  await app.load(practice, [
    ...['a', 'b', 'c', 'd'].map((id) => patient(id, { gender: 'female' })),
    patient('e', { gender: 'male' }),
    condition('1', 'a', { onsetDateTime: '2024-03-05' }),
    condition('2', 'a'),
    condition('3', 'b', { onsetDateTime: '2024-04-01' }),
    condition('4', 'c', { verificationStatus: status('refuted') }),
    condition('5', 'd', { code: { coding: [{ system: 'http://x', code: '44054006' }] } }),
    condition('6', 'e', { verificationStatus: status('confirmed') }),
    rule('has', diabetes),
    rule('women', diabetes, genderCharacteristic('female')),
    rule('march', { ...diabetes, period: { start: '2024-03', end: '2024-03' } }),
    rule('without', { ...diabetes, exclude: true }),
    rule('odd', { ...diabetes, code: { coding: [{ system: 'http://x', code: 'y' }] } }),
  ])
  const found = async (id: string) => (await members(practice, id, ids)).patients
  assert.deepEqual(await found('has'), ['a', 'b', 'e'])
  assert.deepEqual(await found('women'), ['a', 'b'])
  assert.deepEqual(await found('march'), ['a'])
  assert.deepEqual(await found('without'), ['c', 'd'])
  await assert.rejects(found('odd'), { kind: 'invalid', message: /not understood; understood are age/ })
})

test('who is in by a rule since a time asked for: by a Condition, by losing one, or by another rule', async () => {
  const practice = await newPractice()
  const ids = ['had', 'gets', 'loses', 'never']
  await app.load(practice, [
    ...ids.map((id) => patient(id)),
    condition('1', 'had'),
    condition('2', 'loses'),
    rule('has', diabetes),
    rule('without', { ...diabetes, exclude: true }),
  ])
  const since = await takeT(practice)
  await app.load(practice, [condition('3', 'gets'), condition('4', 'had')])
  await app.storeOf(practice).write([{ kind: 'delete', type: 'Condition', id: '2' }])
  const found = async (id: string) => (await members(practice, id, ids, { since })).patients
  assert.deepEqual(await found('has'), ['had', 'gets*'])
  assert.deepEqual(await found('without'), ['loses*', 'never'])
  await app.load(practice, [{ ...rule('has', diabetes), name: 'other' }])
  assert.deepEqual(await found('has'), ['had*', 'gets*'])
})

test('the number of statements does not depend on the number of members', async () => {
  const practice = await newPractice()
  const patients = Array.from({ length: 300 }, (_, i) => patient(`p${i}`))
  await app.load(practice, [
    ...patients,
    listing('large', ...patients.map(({ id }) => `Patient/${id}`)),
    listing('small', 'Patient/p0'),
  ])
  const statements = async (id: string) => {
    app.takeStatements()
    await members(practice, id, patients.map((one) => one.id).slice(0, id === 'small' ? 1 : 300))
    return app.takeStatements().length
  }
  assert.equal(await statements('large'), await statements('small'))
})
