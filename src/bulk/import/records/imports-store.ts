/** The rows of imports. */
import { randomBytes } from 'node:crypto'
import { type Runner, sql, type Transaction } from '#db'
import { addJob, cancelTopics } from '#jobs'
import { type Import, type ImportState, importKind, type NewImport } from './import.ts'
import { addInputs, removeInputs } from './inputs-store.ts'

/** Adds an import with its job; its id. */
export async function addImport(transaction: Transaction, added: NewImport): Promise<string> {
  const { practice, client, principal, address, base, inputs } = added
  const id = randomBytes(16).toString('hex')
  await transaction.run(sql`
    insert into import (practice, id, client, state, principal, address, base)
    values (${practice}, ${id}, ${client}, 'running', ${JSON.stringify(principal)}::jsonb, ${address}, ${base})
  `)
  await addInputs(transaction, practice, id, inputs)
  await addJob(transaction, { practice, kind: importKind, topic: id, payload: { import: id } })
  return id
}

interface ImportRow {
  readonly id: string
  readonly client: string
  readonly state: ImportState
  readonly principal: Import['principal']
  readonly address: string
  readonly base: string
  readonly sentence: string | null
  readonly created: number
  readonly as_of: number
  readonly polled: number | null
  readonly early_polls: number
  readonly ended: number | null
  readonly expires: number | null
}

const columns = sql`id, client, state, principal, address, base, sentence, early_polls,
  (extract(epoch from now()) * 1000)::float8 as as_of, (extract(epoch from polled_at) * 1000)::float8 as polled,
  (extract(epoch from created_at) * 1000)::float8 as created, (extract(epoch from ended_at) * 1000)::float8 as ended,
  (extract(epoch from expires_at) * 1000)::float8 as expires`

export async function findImport(runner: Runner, practice: number, id: string): Promise<Import | undefined> {
  const row = await runner.maybeOne<ImportRow>(sql`
    select ${columns} from import where practice = ${practice} and id = ${id}
  `)
  return row && toImport(practice, row)
}

const mostListed = 1000

/** Those of a client that it has not deleted and that it can still ask for; undefined client: everybody's. The newest first. */
export async function listImports(runner: Runner, practice: number, client?: string): Promise<Import[]> {
  const ofClient =
    client === undefined
      ? sql``
      : sql`and client = ${client} and state <> 'deleted' and coalesce(expires_at, 'infinity') > now()`
  const rows = await runner.many<ImportRow>(sql`
    select ${columns} from import
    where practice = ${practice} ${ofClient}
    order by created_at desc, id limit ${mostListed}
  `)
  return rows.map((row) => toImport(practice, row))
}

/** Notes a poll that was answered with "not yet". */
export async function noteImportPoll(runner: Runner, practice: number, id: string, early: number): Promise<void> {
  await runner.run(sql`
    update import set polled_at = now(), early_polls = ${early} where practice = ${practice} and id = ${id}
  `)
}

/** Imports of a client that have not ended. */
export async function countRunning(runner: Runner, practice: number, client: string): Promise<number> {
  const row = await runner.maybeOne<{ running: number }>(sql`
    select count(*)::int4 as running from import
    where practice = ${practice} and client = ${client} and state = 'running'
  `)
  return row?.running ?? 0
}

/** Serialises the kick-offs of a practice, so that a limit which one counts is not passed by another. */
export async function lockKickOffs(transaction: Transaction, practice: number): Promise<void> {
  await transaction.run(sql`select 1 from practice where id = ${practice} for update`)
}

/** How long the result of an import can be asked for. */
const keptHours = 48

/** False, and nothing is changed, when it had ended. */
export async function endImport(
  runner: Runner,
  practice: number,
  id: string,
  end: { readonly state: 'done' | 'failed'; readonly sentence?: string },
): Promise<boolean> {
  const ended = await runner.run(sql`
    update import set state = ${end.state}, sentence = ${end.sentence ?? null}, ended_at = now(),
      expires_at = now() + make_interval(hours => ${keptHours})
    where practice = ${practice} and id = ${id} and state = 'running'
  `)
  return ended === 1
}

/** Ends an import with its job, or forgets what came of one that has ended. What is loaded stays. False: it is gone already. */
export async function deleteImport(transaction: Transaction, practice: number, id: string): Promise<boolean> {
  const deleted = await transaction.run(sql`
    update import set state = 'deleted', ended_at = coalesce(ended_at, now()), expires_at = now()
    where practice = ${practice} and id = ${id} and state <> 'deleted'
  `)
  if (deleted === 1) await cancelTopics(transaction, practice, importKind, id)
  return deleted === 1
}

const mostAtOnce = 100

/** Ids of imports whose result can be asked for no longer. */
export async function expiredImports(runner: Runner, practice: number): Promise<string[]> {
  const rows = await runner.many<{ id: string }>(sql`
    select id from import where practice = ${practice} and expires_at <= now() order by expires_at limit ${mostAtOnce}
  `)
  return rows.map(({ id }) => id)
}

export async function removeImports(transaction: Transaction, practice: number, ids: readonly string[]): Promise<void> {
  await removeInputs(transaction, practice, ids)
  await transaction.run(sql`delete from import where practice = ${practice} and id = any(${[...ids]}::text[])`)
}

function toImport(practice: number, given: ImportRow): Import {
  const { sentence, ended, expires, as_of: asOf, polled, early_polls: early, ...row } = given
  return {
    ...{ practice, ...row, asOf },
    poll: { early, ...(polled !== null && { last: polled }) },
    ...(sentence !== null && { sentence }),
    ...(ended !== null && { ended }),
    ...(expires !== null && { expires }),
  }
}
