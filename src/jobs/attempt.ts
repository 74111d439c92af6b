/** One attempt at a job: the run, the heartbeat beside it, and what becomes of the job afterwards. */
import type { Database, Runner } from '#db'
import { Problem } from '#lib'
import { type Job, Postponed, type Work } from './job.ts'
import type { Claimed } from './queue/claim.ts'
import { endJob, renewLease, returnJob, saveProgress } from './queue/lease.ts'

export interface AttemptOptions {
  readonly leaseSeconds: number
  /** Of a first failure; each further one doubles it. */
  readonly backOffSeconds: number
  readonly mostAttempts: number
  /** Aborted when the worker stops. */
  readonly stopping: AbortSignal
}

export type Outcome = 'done' | 'failed' | 'retried' | 'postponed' | 'stopped' | 'lost'

/** The job was cancelled or is another worker's now. */
class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

export async function attempt(
  db: Database,
  job: Job,
  claimed: Claimed,
  options: AttemptOptions,
): Promise<{ outcome: Outcome; error?: unknown }> {
  const { mostAttempts } = options
  if (claimed.attempts > mostAttempts) {
    const sentence = `It was given up: ${mostAttempts} workers in a row ended while they ran it`
    return { outcome: (await endJob(db, claimed, 'failed', sentence)) ? 'failed' : 'lost' }
  }
  try {
    await runWithHeartbeat(db, job, claimed, options)
    return { outcome: (await endJob(db, claimed, 'done')) ? 'done' : 'lost' }
  } catch (error) {
    return { outcome: await settle(db, claimed, options, error), error }
  }
}

async function runWithHeartbeat(
  db: Database,
  job: Job,
  claimed: Claimed,
  { leaseSeconds, stopping }: AttemptOptions,
): Promise<void> {
  const lost = new AbortController()
  let heldUntil = performance.now() + leaseSeconds * 1000
  const beat = setInterval(
    async () => {
      const asked = performance.now()
      const isHeld = await renewLease(db, claimed, leaseSeconds).catch(() => undefined) // the database is away: try again
      if (isHeld) heldUntil = asked + leaseSeconds * 1000
      else if (isHeld === false || performance.now() > heldUntil) lost.abort(new LeaseLost())
    },
    (leaseSeconds * 1000) / 3,
  )
  async function save(progress: object, runner: Runner = db) {
    if (!lost.signal.aborted && (await saveProgress(runner, claimed, progress))) return
    lost.abort(new LeaseLost())
    throw lost.signal.reason
  }
  const { practice, id, progress } = claimed
  try {
    const work: Work = {
      practice,
      id,
      payload: job.payload(claimed.payload),
      progress,
      signal: AbortSignal.any([lost.signal, stopping]),
      save,
    }
    await job.run(work)
    lost.signal.throwIfAborted()
  } finally {
    clearInterval(beat)
  }
}

/** Kinds of Problem that pass; the others will be the same next time. */
const passing: ReadonlySet<string> = new Set(['unavailable', 'busy', 'too-costly', 'fault'])
const longestBackOffSeconds = 300

async function settle(db: Database, claimed: Claimed, options: AttemptOptions, error: unknown): Promise<Outcome> {
  if (error instanceof LeaseLost) return 'lost'
  const isHeld = (held: boolean, outcome: Outcome): Outcome => (held ? outcome : 'lost')
  if (options.stopping.aborted)
    return isHeld(await returnJob(db, claimed, { afterSeconds: 0, counts: false }), 'stopped')
  if (error instanceof Postponed) {
    const { seconds, message } = error
    return isHeld(
      await returnJob(db, claimed, { afterSeconds: seconds, counts: false, sentence: message }),
      'postponed',
    )
  }
  const sentence = error instanceof Problem ? error.message : 'It met a fault of the program; the log tells more'
  const mayPass = !(error instanceof Problem) || passing.has(error.kind)
  if (!mayPass || claimed.attempts >= options.mostAttempts)
    return isHeld(await endJob(db, claimed, 'failed', sentence), 'failed')
  const afterSeconds = Math.min(longestBackOffSeconds, options.backOffSeconds * 2 ** (claimed.attempts - 1))
  return isHeld(await returnJob(db, claimed, { afterSeconds, counts: true, sentence }), 'retried')
}
