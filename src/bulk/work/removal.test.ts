import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '#db'
import type { FileStore } from '#files'
import { Postponed, type Work } from '#jobs'
import { Problem } from '#lib'
import type { RemoveJob } from '../records/remove-store.ts'
import { removalJob } from './removal.ts'

test('files are removed later when the store is away, however long that takes', async () => {
  const sentence = 'The file store cannot be used: it cannot be reached'
  const away = async () => {
    throw new Problem('unavailable', sentence)
  }
  const job = removalJob({} as Database, { removeFolder: away } as Partial<FileStore> as FileStore)
  const work = { practice: 1, payload: { export: 'x' } } as Work<RemoveJob>
  await assert.rejects(job.run(work), (error) => error instanceof Postponed && error.message === sentence)
})
