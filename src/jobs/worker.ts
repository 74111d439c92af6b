/**
 * The worker loop, and the whole story of the queue.
 *
 * A job is a row of its practice (`job`); `practice_work` says which practice has something due and since when. A worker
 * locks the row of the practice that runs least and was served longest ago (others skip it meanwhile), claims a job inside
 * it, brings the row up to date and commits. Claiming gives a lease: the row's `due` becomes the lease's end, its `lease`
 * grows by one. While the job runs, a heartbeat moves `due` on; it does not depend on the job's own progress.
 *
 * A worker that is killed sends no more heartbeats: at the end of the lease the job is due again and another claims it.
 * A worker that was only slow finds by the heartbeat, or when it saves or ends, that `lease` is not its own any more, and
 * can change nothing: a job that saves its progress within the transaction of its effects does each chunk once.
 * Cancelling works the same way: the row's state is no longer `running`.
 *
 * A worker that finds nothing hears of what is added (NOTIFY), and looks for what has become due, or was told while its
 * connection was lost, some times a second or less.
 *
 * A failure that may pass is tried again after a pause that doubles; one that will not (Problem 'incorrect' and its kin)
 * ends the job. Attempts without progress are counted, killed workers' too, so that no job is tried for ever.
 */
import type { Database, Notices } from '#db'
import { logLine, Problem } from '#lib'
import { type AttemptOptions, attempt, type Outcome } from './attempt.ts'
import { type Job, Postponed } from './job.ts'
import { type Claimed, claimJob, otherKinds } from './queue/claim.ts'
import { practicesWithWork, workChannel } from './queue/practice-work.ts'

export interface WorkerOptions extends Partial<Omit<AttemptOptions, 'stopping'>> {
  readonly db: Database
  readonly jobs: readonly Job[]
  /** Jobs at once, those that only wait not counted. */
  readonly slots?: number
  readonly pollSeconds?: number
  /** One line of JSON for each attempt. */
  readonly log?: { write(line: string): void } | undefined
}

/** Stops claiming, asks what runs to end, and waits until it is back in the queue. */
export type Worker = AsyncDisposable

/** Refuses to start when the queue holds a kind of job that nobody here can do. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { db, jobs, slots = 1 } = options
  const byName = new Map(jobs.map((job) => [job.name, job]))
  if (byName.size < jobs.length) throw new TypeError('two kinds of job have the same name')
  await refuseUnknownKinds(db, [...byName.keys()])
  const stopping = new AbortController()
  const notices = db.hear(workChannel)
  const loops = Array.from({ length: slots }, () => loop({ ...options, notices }, byName, stopping.signal))
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await Promise.all(loops)
      await notices[Symbol.asyncDispose]()
    },
  }
}

async function refuseUnknownKinds(db: Database, kinds: readonly string[]) {
  for (const practice of await practicesWithWork(db)) {
    const [unknown] = await otherKinds(db, practice, kinds)
    if (unknown === undefined) continue
    throw new Problem(
      'unavailable',
      `The queue holds jobs of the kind "${unknown}", this charthouse knows ${kinds.join(', ')}: start the version that added them, or a newer one`,
    )
  }
}

async function loop(
  options: WorkerOptions & { readonly notices: Notices },
  byName: ReadonlyMap<string, Job>,
  stopping: AbortSignal,
): Promise<void> {
  const { db, leaseSeconds = 30, pollSeconds = 0.5, notices } = options
  let beside: Promise<void> | undefined
  while (!stopping.aborted) {
    const { told } = notices
    const claimed = await claimJob(db, [...byName.keys()], leaseSeconds).catch(() => undefined) // the database is away
    const job = claimed && byName.get(claimed.kind)
    if (!claimed || !job) {
      await notices.next(pollSeconds * 1000, stopping, told)
      continue
    }
    const run = attemptAndTell(options, job, claimed, stopping)
    if (job.isWaiting) {
      await beside // two at once, no more
      beside = run
    } else await run
  }
  await beside
}

async function attemptAndTell(options: WorkerOptions, job: Job, claimed: Claimed, stopping: AbortSignal) {
  const { db, leaseSeconds = 30, backOffSeconds = 2, mostAttempts = 8, log } = options
  const started = performance.now()
  const { outcome, error } = await attempt(db, job, claimed, {
    leaseSeconds,
    backOffSeconds,
    mostAttempts,
    stopping,
  }).catch(
    (failure: unknown) => ({ outcome: 'lost' as const, error: failure }), // the lease runs out, then it is tried again
  )
  log?.write(lineOf(claimed, outcome, error, performance.now() - started))
}

function lineOf(
  { practice, id, kind, attempts }: Claimed,
  outcome: Outcome,
  error: unknown,
  milliseconds: number,
): string {
  const problem = error instanceof Problem ? { kind: error.kind, sentence: error.message } : {}
  const line = {
    event: 'job',
    practice,
    job: id,
    name: kind,
    outcome,
    attempts,
    ...problem,
    ...(error instanceof Postponed && { sentence: error.message }),
    ...(isFault(error, outcome) && { stack: error.stack }),
    milliseconds: Math.round(milliseconds),
  }
  return logLine(line, isFault(error, outcome) ? 'error' : 'info')
}

/** What nobody reckoned with: a job that ends early or waits has said why. */
function isFault(error: unknown, outcome: Outcome): error is Error {
  return error instanceof Error && !(error instanceof Problem) && outcome !== 'stopped' && outcome !== 'postponed'
}
