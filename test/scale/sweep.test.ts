import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#db'
import { workerOf } from '../../src/app.ts'
import { testApp } from '../support/test-app.ts'

test('a worker removes tokens of each practice a day after they expired, and no others', async () => {
  await using app = await testApp()
  const { db } = app.installation
  const practices = [await app.addPractice('north'), await app.addPractice('south')]
  const hour = 60 * 60
  const day = 24 * hour
  const tokens = practices.flatMap((practice) =>
    [hour, -day + hour, -day - hour].map((seconds) => ({ practice, token: app.token(practice, { seconds }) })),
  )
  for (const { token } of tokens) await token
  const left = async () => {
    const counts = practices.map(({ number }) =>
      db.maybeOne<{ count: number }>(sql`select count(*)::int4 as count from as_access where practice = ${number}`),
    )
    return (await Promise.all(counts)).map((row) => row?.count)
  }
  assert.deepEqual(await left(), [3, 3])
  await using _ = await workerOf(app.installation, { log: undefined, slots: 1 })
  for (let tries = 0; (await left()).some((count) => count === 3) && tries < 6000; tries++) await sleep(10)
  assert.deepEqual(await left(), [2, 2])
  const answers = tokens.map(async ({ practice, token }) => {
    const { status, text } = await app.get(practice, 'Patient', await token)
    return status === 200 ? 'good' : (/has expired|is not known here/.exec(text)?.[0] ?? text)
  })
  const each = ['good', 'has expired', 'is not known here']
  assert.deepEqual(await Promise.all(answers), [...each, ...each])
})
