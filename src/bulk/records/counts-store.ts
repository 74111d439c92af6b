/** What there is of exports, which the practice's settings limit. */
import { type Runner, sql } from '#db'

/** How many exports wait for their turn: of a client, and of all at the practice. */
export async function countQueued(runner: Runner, practice: number, client: string) {
  const row = await runner.maybeOne<{ own: number; all: number }>(sql`
    select count(*) filter (where client = ${client})::int4 as own, count(*)::int4 as all
    from export
    where practice = ${practice} and state = 'queued'
  `)
  return { own: row?.own ?? 0, all: row?.all ?? 0 }
}

export interface Kept {
  /** Exports of the client that are done and can be fetched. */
  readonly own: number
  /** Of files as they lie in the store: of the client, and of all at the practice; those of exports that run, too. */
  readonly ownBytes: number
  readonly allBytes: number
}

export async function keptExports(runner: Runner, practice: number, client: string): Promise<Kept> {
  const row = await runner.maybeOne<Kept>(sql`
    select count(*) filter (where client = ${client} and state = 'done')::int4 as own,
      coalesce(sum(bytes) filter (where client = ${client}), 0)::float8 as "ownBytes",
      coalesce(sum(bytes), 0)::float8 as "allBytes"
    from export e cross join lateral (
      select sum(stored_bytes) as bytes from export_file f where f.practice = ${practice} and f.export = e.id
    ) files
    where e.practice = ${practice} and (state = 'running' or (state = 'done' and expires_at > now()))
  `)
  return row ?? { own: 0, ownBytes: 0, allBytes: 0 }
}
