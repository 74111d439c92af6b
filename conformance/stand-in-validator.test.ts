import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startStandIn } from './stand-in-validator.ts'

async function validate(url: string, sessionId: string | null) {
  const body = JSON.stringify({ sessionId, filesToValidate: [{ fileName: 'a.json' }] })
  const answer = await fetch(`${url}/validate`, { method: 'POST', body })
  return (await answer.json()) as { sessionId: string; outcomes: { fileInfo: object; issues: [] }[] }
}

test('startStandIn() finds no issue, keeps a session and never gives one id to two', async () => {
  await using standIn = await startStandIn()
  const first = await validate(standIn.url, null)
  assert.deepEqual(first.outcomes, [{ fileInfo: { fileName: 'a.json' }, issues: [] }])
  assert.equal((await validate(standIn.url, 'kept')).sessionId, 'kept')
  assert.notEqual((await validate(standIn.url, null)).sessionId, first.sessionId)
})
