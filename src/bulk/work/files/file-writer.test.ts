import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileStore } from '#files'
import { createNdjson } from './file-writer.ts'

test('a file steps back in each quarter of a megabyte, writes megabytes, and holds every line', async () => {
  const steps: string[] = []
  let written = ''
  const files: Pick<FileStore, 'create'> = {
    create: async () => ({
      async write(bytes) {
        steps.push('write')
        written += bytes.toString()
      },
      finish: async () => ({ size: written.length }),
      abort: async () => {},
    }),
  }
  const pace = { stepBack: async () => void steps.push('step back') }
  const file = await createNdjson({ files: files as FileStore, pace }, 'a/b', false)
  const lines = Array.from({ length: 25 }, (_, i) => String(i).repeat(100_000).slice(0, 100_000))
  for (const line of lines) await file.line(Buffer.from(line), 0, line.length)
  assert.equal(await file.finish(), 25 * 100_001)
  assert.ok(written === lines.map((line) => `${line}\n`).join(''))
  const four = Array.from({ length: 4 }, () => 'step back')
  assert.deepEqual(steps, [...four, 'write', ...four, 'write', 'step back', 'step back', 'write'])
})
