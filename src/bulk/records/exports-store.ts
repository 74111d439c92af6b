/** The rows of exports: what was asked for and what has become of it. */
import { randomBytes } from 'node:crypto'
import { type Runner, type Sql, sql, type Transaction } from '#db'
import type { ProblemKind } from '#lib'
import type { Export, ExportState, NewExport } from '../export.ts'
import { addNotices } from './notices-store.ts'
import { exportKind } from './parts-store.ts'

/** Adds an export that waits for its turn; one with the same Idempotency-Key is that one. */
export async function addExport(
  transaction: Transaction,
  added: NewExport,
): Promise<{ readonly id: string; readonly isNew: boolean; readonly same: string }> {
  const { practice, client, user = null, principal, request, shape, address, base, same, once = null } = added
  // a key stands for an export for as long as there is something to be had of it
  await transaction.run(sql`
    update export set once = null
    where practice = ${practice} and client = ${client} and once = ${once} and (state = 'deleted' or expires_at <= now())
  `)
  const row = await transaction.maybeOne<{ id: string }>(sql`
    insert into export (practice, id, client, username, state, principal, request, shape, address, base, same, once)
    values (${practice}, ${randomBytes(16).toString('hex')}, ${client}, ${user}, 'queued', ${JSON.stringify(principal)}::jsonb,
      ${JSON.stringify(request)}::jsonb, ${JSON.stringify(shape)}::jsonb, ${address}, ${base}, ${same}, ${once})
    on conflict (practice, client, once) where once is not null do nothing
    returning id
  `)
  if (row) {
    await addNotices(transaction, practice, row.id, added.notices)
    return { id: row.id, isNew: true, same }
  }
  const earlier = await transaction.maybeOne<{ id: string; same: string }>(sql`
    select id, same from export where practice = ${practice} and client = ${client} and once = ${once}
  `)
  if (!earlier) throw new TypeError('an export is neither new nor there')
  return { ...earlier, isNew: false }
}

interface ExportRow {
  id: string
  client: string
  username: string | null
  state: ExportState
  principal: Export['principal']
  request: Export['request']
  shape: Export['shape']
  address: string
  base: string
  t: string | null
  progress: number
  writing: string[] | null
  retried: boolean
  problem: ProblemKind | null
  sentence: string | null
  as_of: number
  created: number
  began: number | null
  ended: number | null
  expires: number | null
  polled: number | null
  told_seconds: number | null
  early_polls: number
  pages: number[]
}

const milliseconds = (column: Sql) => sql`(extract(epoch from ${column}) * 1000)::float8`

function columns(practice: number): Sql {
  const parts = sql`from export_part p where p.practice = ${practice} and p.export = e.id`
  return sql`e.id, e.client, e.username, e.principal, e.request, e.shape, e.address, e.base, e.t, e.problem, e.sentence, e.told_seconds,
    e.early_polls, e.pages,
    case when e.state = 'done' and e.expires_at <= now() then 'expired' else e.state end as state,
    case when e.state = 'done' then 1 else coalesce((select sum(least(p.done, p.total)) / nullif(e.total, 0) ${parts}), 0) end as progress,
    (select array_agg(distinct p.work->>'writes' order by p.work->>'writes') ${parts} and not p.is_done) as writing,
    exists (select from job j where j.practice = ${practice} and j.kind = ${exportKind} and starts_with(j.topic, e.id || '/')
      and j.state = 'waiting' and j.attempts > 0) as retried,
    ${milliseconds(sql`now()`)} as as_of, ${milliseconds(sql`e.created_at`)} as created, ${milliseconds(sql`e.began_at`)} as began,
    ${milliseconds(sql`e.ended_at`)} as ended, ${milliseconds(sql`e.expires_at`)} as expires,
    ${milliseconds(sql`e.polled_at`)} as polled`
}

export async function findExport(runner: Runner, practice: number, id: string): Promise<Export | undefined> {
  const row = await runner.maybeOne<ExportRow>(sql`
    select ${columns(practice)} from export e where e.practice = ${practice} and e.id = ${id}
  `)
  return row && toExport(practice, row)
}

const mostListed = 1000

/** Those of a client that it has not deleted, and of this user where one is given; the newest first. Undefined client: everybody's. */
export async function listExports(
  runner: Runner,
  practice: number,
  of: { readonly client?: string; readonly user?: string | undefined } = {},
): Promise<Export[]> {
  const ofClient = of.client === undefined ? sql`` : sql`and e.client = ${of.client} and e.state <> 'deleted'`
  const ofUser = of.user === undefined ? sql`` : sql`and e.username = ${of.user}`
  const rows = await runner.many<ExportRow>(sql`
    select ${columns(practice)} from export e
    where e.practice = ${practice} ${ofClient} ${ofUser}
    order by e.created_at desc, e.id limit ${mostListed}
  `)
  return rows.map((row) => toExport(practice, row))
}

/** The id of an export of the client that has not ended and for which the same was asked. */
export async function sameRunning(runner: Runner, practice: number, client: string, same: string) {
  const row = await runner.maybeOne<{ id: string }>(sql`
    select id from export
    where practice = ${practice} and client = ${client} and same = ${same} and state in ('queued', 'running')
    order by created_at limit 1
  `)
  return row?.id
}

/** The latest T that an export of the practice was given; undefined: none was. */
export async function latestT(runner: Runner, practice: number): Promise<number | undefined> {
  const row = await runner.maybeOne<{ t: string | null }>(sql`
    select max(t) as t from export where practice = ${practice}
  `)
  return row?.t == null ? undefined : Number(row.t)
}

/** Those that run, of all clients. */
export async function runningExports(runner: Runner, practice: number): Promise<Export[]> {
  const rows = await runner.many<ExportRow>(sql`
    select ${columns(practice)} from export e where e.practice = ${practice} and e.state = 'running'
  `)
  return rows.map((row) => toExport(practice, row))
}

/** Notes a poll that was answered with "not yet", and when the next one was asked for. */
export async function notePoll(
  runner: Runner,
  practice: number,
  id: string,
  told: { readonly seconds: number; readonly early: number },
): Promise<void> {
  await runner.run(sql`
    update export set polled_at = now(), told_seconds = ${told.seconds}::float8, early_polls = ${told.early}
    where practice = ${practice} and id = ${id}
  `)
}

/** Fixes where page `n` (from 1) of the partial manifest ends, unless it is fixed already; the ends of all pages. */
export async function fixPage(
  runner: Runner,
  practice: number,
  id: string,
  page: { readonly n: number; readonly end: number },
): Promise<readonly number[]> {
  const row = await runner.maybeOne<{ pages: number[] }>(sql`
    update export set pages = case when coalesce(array_length(pages, 1), 0) = ${page.n - 1}::int4
      then pages || ${page.end}::int4 else pages end
    where practice = ${practice} and id = ${id}
    returning pages
  `)
  return row?.pages ?? []
}

function toExport(practice: number, row: ExportRow): Export {
  const {
    username,
    t,
    problem,
    sentence,
    began,
    ended,
    expires,
    polled,
    told_seconds: told,
    early_polls: early,
    writing,
  } = row
  const { id, client, state, principal, request, shape, address, base, progress, created, pages } = row
  return {
    ...{ practice, id, client, state, principal, request, shape, address, base, progress, created, pages },
    asOf: row.as_of,
    writing: writing ?? [],
    isRetried: row.retried,
    poll: { early, ...(polled !== null && { last: polled }), ...(told !== null && { toldSeconds: told }) },
    ...(username !== null && { user: username }),
    ...(t !== null && { t: Number(t) }),
    ...(problem !== null && { problem }),
    ...(sentence !== null && { sentence }),
    ...(began !== null && { began }),
    ...(ended !== null && { ended }),
    ...(expires !== null && { expires }),
  }
}
