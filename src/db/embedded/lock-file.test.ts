import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { holdFile } from './lock-file.ts'

function folder() {
  const path = mkdtempSync(join(tmpdir(), 'charthouse-lock-'))
  return { path, file: join(path, 'lock'), [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

/** A process that holds the file so many times; it counts on while it does, in two steps. */
function holder(file: string, times: number): ChildProcess {
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs'
    import { setTimeout } from 'node:timers/promises'
    import { holdFile } from ${JSON.stringify(new URL('lock-file.ts', import.meta.url).href)}
    for (let i = 0; i < ${times}; i++) {
      using _ = await holdFile(${JSON.stringify(file)})
      const count = Number(readFileSync(${JSON.stringify(`${file}-count`)}, 'utf8'))
      await setTimeout(1)
      writeFileSync(${JSON.stringify(`${file}-count`)}, String(count + 1))
    }`
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'ignore', 'inherit'] })
}

test('holdFile() lets one process in at a time, also where the one before was killed', async () => {
  using place = folder()
  writeFileSync(`${place.file}-count`, '0')
  const { pid: gone } = await ended(spawn(process.execPath, ['--version'], { stdio: 'ignore' }))
  writeFileSync(place.file, String(gone))
  const codes = await Promise.all(Array.from({ length: 6 }, async () => (await ended(holder(place.file, 20))).exitCode))
  assert.deepEqual(codes, [0, 0, 0, 0, 0, 0])
  assert.equal(readFileSync(`${place.file}-count`, 'utf8'), '120')
  assert.deepEqual(readdirSync(place.path), ['lock-count'])
})

test('holdFile() says whose the file is, and gives it back', async () => {
  using place = folder()
  {
    using _ = await holdFile(place.file)
    assert.equal(readFileSync(place.file, 'utf8'), String(process.pid))
  }
  assert.equal(existsSync(place.file), false)
})

async function ended(child: ChildProcess): Promise<ChildProcess> {
  await once(child, 'exit')
  return child
}
