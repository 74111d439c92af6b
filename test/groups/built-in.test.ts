/** The age groups of specs/seeds.md INT-18, half open (C19). */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { membersAt, stateAt } from '#store'
import { ensureBuiltInGroups } from '../../src/cli/built-in-groups.ts'
import { keyText } from '../../src/store/hash.ts'
import { testApp } from '../support/test-app.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const { installation } = app
const ids = ['187419279', '275131468', '383681350', '424548118', '517483350']
const timeZone = 'Pacific/Auckland'
const practice = await app.addPractice('p', { dialect: 'integra', timeZone })
await ensureBuiltInGroups(installation, [practice])

test('integra has its five groups as Groups that are read and found like any other; a second time changes nothing', async () => {
  await ensureBuiltInGroups(installation, [practice])
  const token = await app.token(practice)
  const read = await app.get(practice, 'Group/275131468', token)
  assert.equal(read.json.name, 'Age 5 to 17')
  assert.equal(read.json.meta.versionId, '1')
  const { json } = await app.get(practice, 'Group?type=person&_count=10', token)
  const found = json.entry.map(({ resource }: { resource: { id: string } }) => resource.id)
  assert.deepEqual(found.sort(), ids)
})

test('other dialects have none', async () => {
  const other = await app.addPractice('other')
  await ensureBuiltInGroups(installation, [other])
  assert.equal((await app.get(other, 'Group?_summary=count', await app.token(other))).json.total, 0)
})

test('each living patient with a birth date is in one of the five at any time, on birthdays too', async () => {
  const days = ['02-28', '02-29', '03-01', '06-14', '06-15', '06-16', '12-31', '01-01']
  const births = Array.from({ length: 106 }, (_, i) => days.map((day) => `${1920 + i}-${day}`))
    .flat()
    .filter((day) => new Date(day).toISOString().startsWith(day))
  const patients = [...births, '1990', '1990-06', '2030-01-01'].map((birthDate, i) => ({ id: `p${i}`, birthDate }))
  const others = [{ id: 'none' }, { id: 'dead', birthDate: '1990-01-01', deceasedBoolean: true }]
  await app.load(
    practice,
    [...patients, ...others].map((one) => ({ resourceType: 'Patient', ...one })),
  )
  const scope = installation.directory.scopeOf(practice)
  const bounds = [Number.NEGATIVE_INFINITY, 5, 18, 35, 55, Number.POSITIVE_INFINITY]
  for (const [today, instant] of [
    ['2024-02-29', '2024-02-28T12:00:00Z'],
    ['2025-02-28', '2025-02-28T10:59:59Z'],
    ['2025-03-01', '2025-02-28T11:00:00Z'],
    ['2024-06-15', '2024-06-14T12:00:00Z'],
    ['2025-12-31', '2025-12-31T10:59:59.999Z'],
  ] as const) {
    const groupOf = new Map<string, number>()
    for (const [i, group] of ids.entries()) {
      const { patients: found } = await stateAt(installation.db, practice.number, (runner) =>
        membersAt(runner, scope, { group, t: Date.parse(instant) * 1000 }),
      )
      for (const { key } of found) {
        assert.equal(groupOf.has(key), false, `${today}: in one only`)
        groupOf.set(key, i)
      }
    }
    assert.equal(groupOf.size, patients.length, `${today}: everybody is in one`)
    for (const { id, birthDate } of patients) {
      // birth dates and days as texts, whose order is that of the calendar
      const age =
        Number(today.slice(0, 4)) -
        Number(birthDate.slice(0, 4)) -
        (today.slice(5) < (birthDate.slice(5) || '01-01') ? 1 : 0)
      const wanted = bounds.findLastIndex((bound) => bound <= age)
      assert.equal(groupOf.get(keyText(practice.number, 'Patient', id)), wanted, `born ${birthDate}, at ${today}`)
    }
  }
})
