/** One attempt at a job: the run, the heartbeat beside it, and what becomes of the job afterwards. */
import type { Database, Runner } from '#db'
import { Problem } from '#lib'
import { type Failure, type Job, Postponed, type Work } from './job.ts'
import type { Claimed } from './queue/claim.ts'
import { endJob, isHeld, type Return, renewLease, returnJob, saveProgress } from './queue/lease.ts'

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
    return { outcome: await fail(db, job, claimed, { kind: 'fault', sentence }) }
  }
  try {
    await runWithHeartbeat(db, job, claimed, options)
    return { outcome: (await endJob(db, claimed, { state: 'done' })) ? 'done' : 'lost' }
  } catch (error) {
    return { outcome: await settle(db, job, claimed, { ...options, error }), error }
  }
}

async function fail(db: Database, job: Job, claimed: Claimed, why: Failure): Promise<Outcome> {
  const { practice, id } = claimed
  const hasEnded = await endJob(db, claimed, { state: 'failed', sentence: why.sentence }, async (transaction) => {
    await job.failed?.({ practice, id, payload: job.payload(claimed.payload) }, why, transaction)
  })
  return hasEnded ? 'failed' : 'lost'
}

/** How long it takes at most until a run hears that its job was cancelled. */
const lookMs = 500

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
      const isRenewed = await renewLease(db, claimed, leaseSeconds).catch(() => undefined) // the database is away: try again
      if (isRenewed) heldUntil = asked + leaseSeconds * 1000
      else if (isRenewed === false || performance.now() > heldUntil) lost.abort(new LeaseLost())
    },
    (leaseSeconds * 1000) / 3,
  )
  const look = setInterval(async () => {
    if ((await isHeld(db, claimed).catch(() => true)) === false) lost.abort(new LeaseLost())
  }, lookMs)
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
    clearInterval(look)
  }
}

/** Kinds of Problem that pass; the others will be the same next time. */
const passing: ReadonlySet<string> = new Set(['unavailable', 'busy', 'too-costly', 'fault'])
const longestBackOffSeconds = 300

async function settle(
  db: Database,
  job: Job,
  claimed: Claimed,
  { error, ...options }: AttemptOptions & { readonly error: unknown },
): Promise<Outcome> {
  if (error instanceof LeaseLost) return 'lost'
  const giveBack = async (outcome: Outcome, how: Return): Promise<Outcome> =>
    (await returnJob(db, claimed, how)) ? outcome : 'lost'
  if (options.stopping.aborted) return giveBack('stopped', { afterSeconds: 0, counts: false })
  if (error instanceof Postponed) {
    const { seconds, message } = error
    return giveBack('postponed', { afterSeconds: seconds, counts: false, sentence: message })
  }
  const sentence = error instanceof Problem ? error.message : 'It met a fault of the program; the log tells more'
  const kind = error instanceof Problem ? error.kind : 'fault'
  const mayPass = passing.has(kind)
  if (!mayPass || claimed.attempts >= options.mostAttempts) return fail(db, job, claimed, { kind, sentence })
  const afterSeconds = Math.min(longestBackOffSeconds, options.backOffSeconds * 2 ** (claimed.attempts - 1))
  return giveBack('retried', { afterSeconds, counts: true, sentence })
}
