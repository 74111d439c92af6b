import { type Runner, sql } from '#db'

export interface JobStatus {
  readonly id: string
  readonly kind: string
  readonly topic: string | undefined
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled'
  readonly payload: unknown
  readonly progress: Readonly<Record<string, unknown>>
  /** Why it failed, or why the latest attempt did. */
  readonly sentence: string | undefined
  readonly attempts: number
}

type StatusRow = { [Key in keyof JobStatus]: Exclude<JobStatus[Key], undefined> | null }

const columns = sql`id, kind, topic, state, payload, progress, sentence, attempts`

export async function jobStatus(runner: Runner, practice: number, id: string): Promise<JobStatus | undefined> {
  const row = await runner.maybeOne<StatusRow>(
    sql`select ${columns} from job where practice = ${practice} and id = ${id}`,
  )
  return row && statusOf(row)
}

/** The jobs of a kind that wait or run. */
export async function activeJobs(runner: Runner, practice: number, kind: string): Promise<JobStatus[]> {
  const rows = await runner.many<StatusRow>(sql`
    select ${columns} from job
    where practice = ${practice} and kind = ${kind} and state in ('waiting', 'running')
    order by created_at, id
  `)
  return rows.map(statusOf)
}

export interface ListedJob extends JobStatus {
  /** When it was added; of one that has ended, when it ended. Milliseconds since 1970. */
  readonly since: number
}

const mostEnded = 50

/** Every job that waits or runs, the oldest first, and behind them those that ended last. */
export async function listJobs(runner: Runner, practice: number): Promise<ListedJob[]> {
  const columnsAndSince = sql`${columns}, (extract(epoch from coalesce(ended_at, created_at)) * 1000)::float8 as since`
  const active = await runner.many<StatusRow & { since: number }>(sql`
    select ${columnsAndSince} from job
    where practice = ${practice} and state in ('waiting', 'running')
    order by created_at, id
  `)
  const ended = await runner.many<StatusRow & { since: number }>(sql`
    select ${columnsAndSince} from job
    where practice = ${practice} and state in ('done', 'failed', 'cancelled')
    order by ended_at desc, id limit ${mostEnded}
  `)
  return [...active, ...ended].map(({ since, ...row }) => ({ ...statusOf(row), since }))
}

function statusOf({ topic, sentence, ...rest }: StatusRow): JobStatus {
  return { ...rest, topic: topic ?? undefined, sentence: sentence ?? undefined } as JobStatus
}
