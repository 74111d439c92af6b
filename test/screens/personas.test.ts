import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSettings } from '#config'
import { listUsers, practiceNamed } from '#platform'
import { timeZone } from '#sandbox'
import { openInstallation, serverOf } from '../../src/app.ts'
import { ensureSandbox } from '../../src/cli/sandbox.ts'
import { testDatabase } from '../support/database.ts'

test('the sandbox has five people, whom its sign-in page and no other lists', async () => {
  await using database = await testDatabase()
  const settings = readSettings({ DATABASE_URL: database.url, SANDBOX: 'on', SANDBOX_PATIENTS: '30' })
  await using installation = await openInstallation(settings)
  assert.ok(await ensureSandbox(installation, new AbortController().signal))
  const { number, settings: ofPractice } = await practiceNamed(installation.db, 'sandbox')
  assert.equal(ofPractice.timeZone, timeZone, 'dates without a zone mean what the records mean')
  const users = await listUsers(installation.db, number)
  assert.deepEqual(
    users.map(({ username, role, links }) => [username, role, links.length]),
    [
      ['administrator', 'administrator', 0],
      ['clinician', 'clinician', 0],
      ['guardian', 'guardian', 2],
      ['patient1', 'patient', 1],
      ['patient2', 'patient', 1],
    ],
  )
  const { server } = await serverOf(installation, undefined)
  try {
    const page = await server.inject({ method: 'GET', url: '/sandbox/auth/sign-in' })
    for (const { username, name } of users) {
      assert.ok(page.body.includes(`<code>${username}</code>`), username)
      assert.ok(page.body.includes(name), name)
    }
  } finally {
    await server.close()
  }
})
