import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileStore } from '#files'
import type { Walk } from '../walk.ts'
import { createNdjson } from './file-writer.ts'
import { FinishedFiles, type Finishing } from './finished-files.ts'

const finishing: Finishing = { type: 'Patient', at: 0, place: ['1', '1'], references: [], files: [], notices: [] }
const line = Buffer.alloc(100_000, 'a')
/** Two buffers full, all but. */
const linesOfFile = 20

/** A walk whose disk takes nothing before `open()`. */
function slowWalk() {
  const disk = Promise.withResolvers<void>()
  const commits: number[] = []
  const files: Pick<FileStore, 'create'> = {
    create: async () => ({ write: () => disk.promise, finish: async () => ({ size: 1 }), abort: async () => {} }),
  }
  const parts = {
    ...{ files, pace: { stepBack: async () => {} } },
    db: {
      transaction: (work: (transaction: unknown) => unknown) => work({ run: async () => {}, many: async () => [] }),
    },
  }
  const step = { save: async () => void commits.push(commits.length) }
  const exported = { practice: 1, id: 'one', shape: { isGzipped: false } }
  const walk = { ...{ parts, step, exported, n: 0 }, places: { nameOf: () => 'name' } } as unknown as Walk
  return { walk, commits, open: disk.resolve }
}

async function filled({ parts }: Walk) {
  const file = await createNdjson(parts, 'a/b', false)
  for (let i = 0; i < linesOfFile; i++) await file.line(line, 0, line.length)
  return file
}

test('add() holds back at 16 MB of buffers, those of a commit that is under way among them', async () => {
  const { walk, commits, open } = slowWalk()
  const finished = new FinishedFiles(walk)
  let files = 1
  let held = finished.add(await filled(walk), finishing)
  for (; !held && files < 100; files++) held = finished.add(await filled(walk), finishing)
  assert.equal(files, 9)
  assert.deepEqual(commits, [])
  open()
  await held
  assert.equal(finished.add(await filled(walk), finishing), undefined)
  await finished.settled()
  assert.equal(commits.length, 3)
})
