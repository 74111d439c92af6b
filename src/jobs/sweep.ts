import type { Database } from '#db'
import { type Job, Postponed } from './job.ts'
import { addJob } from './queue/add.ts'
import { removeEndedJobs } from './queue/ended.ts'

/** Removes rows of a practice that have served their time, some at a time; how many. */
export type Sweep = (db: Database, practice: number) => Promise<number>

const sweepKind = 'sweep'
const daySeconds = 24 * 60 * 60

/** Once a day, practice by practice: ended jobs, and what the sweeps of other modules remove. */
export function sweepJob(db: Database, sweeps: readonly Sweep[]): Job {
  return {
    name: sweepKind,
    payload: (stored) => stored,
    async run({ practice, signal }) {
      for (const sweep of [removeEndedJobs, ...sweeps]) {
        while ((await sweep(db, practice)) > 0) signal.throwIfAborted()
      }
      throw new Postponed('It is done for today', daySeconds)
    },
  }
}

/** A practice has one such job, which comes again every day; its id. */
export function queueSweep(db: Database, practice: number): Promise<string> {
  return db.transaction((transaction) =>
    addJob(transaction, { practice, kind: sweepKind, topic: sweepKind, payload: {} }),
  )
}
