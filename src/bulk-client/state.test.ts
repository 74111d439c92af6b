import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lockFolder, openState } from './state.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'charthouse-state-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('lockFolder() keeps a second process out', async () => {
  using out = folder()
  writeFileSync(join(out.path, 'bulk-download.lock'), String(process.ppid))
  await assert.rejects(lockFolder(out.path), { kind: 'busy', message: /^Process \d+ is at work in / })
})

test('lockFolder() takes over what a killed process left behind', async () => {
  using out = folder()
  writeFileSync(join(out.path, 'bulk-download.lock'), '2147483647')
  await using _lock = await lockFolder(out.path)
})

test('openState() says that the state is damaged', async () => {
  using out = folder()
  writeFileSync(join(out.path, 'bulk-download.json'), '{"request":')
  await assert.rejects(openState(out.path, 'GET x'), { kind: 'fault', message: /is damaged: empty the folder/ })
})

test('openState() begins where a process was killed before it had asked for anything', async () => {
  using out = folder()
  writeFileSync(join(out.path, 'bulk-download.json.part'), '{"requ')
  const state = await openState(out.path, 'GET x')
  assert.deepEqual(await openState(out.path, 'GET x'), state)
})
