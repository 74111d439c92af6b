/** Who only asks for headers starts no export. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testApp } from '../support/test-app.ts'

test('HEAD $export is refused, at each level, and nothing has begun', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  const headers = { authorization: `Bearer ${await app.token(practice)}`, prefer: 'respond-async' }
  const ask = (method: string, path: string) => app.request({ method, url: `/north/fhir/r4/${path}`, headers })
  for (const path of ['$export', 'Patient/$export', 'Group/g1/$export']) {
    const refused = await ask('HEAD', path)
    assert.equal(refused.status, 405, path)
    assert.equal(refused.headers.allow, 'GET, POST, OPTIONS')
  }
  assert.deepEqual((await ask('GET', '$export-status')).json.exports, [])
})
