/**
 * Bringing a type's rows at a practice up to what the search parameters say now: a job that walks them by rid, a chunk a
 * transaction, and keeps how far it is with each chunk. Text, version, stamp and keys stay; columns and side tables that
 * come from the text are made again. A row that somebody writes meanwhile is theirs to index (see index-state.ts).
 */
import { type Database, sql, type Transaction } from '#db'
import { typeCode } from '#fhir'
import { activeJobs, addJob, cancelJob, type Job, Postponed, type Work } from '#jobs'
import { int8Text } from './hash.ts'
import { indexResource } from './index/index-resource.ts'
import { markOf } from './index/mark.ts'
import type { IndexRows, IndexScope } from './index/rows.ts'
import { beginReindex, endReindex, indexState, outdatedTypes, rulesOf } from './index-state.ts'
import { Dictionaries } from './resources/dictionaries.ts'
import { trackingMembers } from './resources/group-members.ts'
import { copyIndex } from './resources/insert.ts'
import { removing } from './resources/replace.ts'
import { allOf } from './resources/side-rows.ts'
import { lockAsWriter } from './resources/stamp.ts'

const reindexKind = 'reindex'

interface Payload {
  readonly type: string
  readonly state: string
}

export interface ReindexProgress {
  /** rid of the last row that is done. */
  readonly after: string
  readonly done: number
  /** Rows when it began. */
  readonly total: number
}

/** Queues a reindex of these types, by default those whose rows are indexed differently; the ids of the jobs. */
export async function queueReindex(db: Database, scope: IndexScope, types?: readonly string[]): Promise<string[]> {
  const ids: string[] = []
  for (const type of types ?? (await outdatedTypes(db, scope))) {
    ids.push(await db.transaction((transaction) => queueType(transaction, scope, type)))
  }
  return ids
}

/** What another version, another time zone or another address had queued gives way. */
async function queueType(transaction: Transaction, scope: IndexScope, type: string): Promise<string> {
  const { practice } = scope
  const payload: Payload = { type, state: indexState(type, scope) }
  const queued = (await activeJobs(transaction, practice, reindexKind)).find(({ topic }) => topic === type)
  if (queued && (queued.payload as Payload).state !== payload.state) await cancelJob(transaction, practice, queued.id)
  return addJob(transaction, { practice, kind: reindexKind, topic: type, payload })
}

const anotherVersionSeconds = 15

/** `scopeOf`: what the practice's settings say now. */
export function reindexJob(db: Database, scopeOf: (practice: number) => Promise<IndexScope>): Job<Payload> {
  return {
    name: reindexKind,
    payload: (stored) => stored as Payload,
    async run(work) {
      const { type, state } = work.payload
      const scope = await scopeOf(work.practice)
      // Other bases alone don't matter: each process reads by its own, and says so.
      if (rulesOf(indexState(type, scope)) !== rulesOf(state)) {
        throw new Postponed(
          `The index of ${type} is left to the version of charthouse that wants it`,
          anotherVersionSeconds,
        )
      }
      const walk = { db, scope, type, work, dictionaries: new Dictionaries(db, scope.practice) }
      let progress: ReindexProgress | undefined =
        'after' in work.progress ? (work.progress as never) : await begin(walk)
      while (progress) progress = await nextChunk(walk, progress)
      if (await endReindex(db, scope, type)) return
      await work.save({})
      throw new Postponed(`Rows of ${type} were indexed differently meanwhile; it begins again`, anotherVersionSeconds)
    },
  }
}

interface Walk {
  readonly db: Database
  readonly scope: IndexScope
  readonly type: string
  readonly work: Work
  readonly dictionaries: Dictionaries
}

async function begin({ db, scope, type, work }: Walk): Promise<ReindexProgress> {
  const { practice } = scope
  const row = await db.maybeOne<{ total: number }>(sql`
    select count(*)::float8 as total from resource where practice = ${practice} and rtype = ${typeCode(type)}
  `)
  const progress: ReindexProgress = { after: '0', done: 0, total: row?.total ?? 0 }
  await db.transaction(async (transaction) => {
    await beginReindex(transaction, scope, type)
    await work.save({ ...progress }, transaction)
  })
  return progress
}

interface StoredRow {
  rid: string
  key: string
  ver: number
  upd: string
  body: string
}

interface Indexed extends StoredRow {
  readonly mark: number | undefined
  readonly index: IndexRows
}

/** With the date that its tokens are ordered by until now. */
interface Locked extends Indexed {
  readonly dt: string
}

async function nextChunk(
  { db, scope, type, work, dictionaries }: Walk,
  progress: ReindexProgress,
): Promise<ReindexProgress | undefined> {
  work.signal.throwIfAborted()
  const rows = await chunkAfter(db, scope.practice, type, progress.after)
  const last = rows.at(-1)
  if (!last) return undefined
  const indexed = rows.map((row) => {
    const resource = JSON.parse(row.body) as object
    return { ...row, mark: markOf(row.body, resource), index: indexResource(scope, type, resource) }
  })
  await dictionaries.add(indexed.map(({ index }) => index))
  const next = { ...progress, after: last.rid, done: progress.done + rows.length }
  await db.transaction(async (transaction) => {
    await lockAsWriter(transaction, scope.practice)
    const locked = await lockUnchanged(transaction, scope.practice, indexed)
    await reindexRows(transaction, scope.practice, locked)
    for (const row of locked) {
      const tracking = trackingMembers(scope, Number(row.upd), [{ ...row, type }])
      for (const statement of tracking) await transaction.run(statement)
    }
    await work.save(next, transaction)
  })
  return next
}

const rowsPerChunk = 500
const bytesPerChunk = 8 * 1024 * 1024

function chunkAfter(db: Database, practice: number, type: string, after: string): Promise<StoredRow[]> {
  return db.many<StoredRow>(sql`
    select rid, key, ver, upd, body
    from (
      select rid, key, ver, upd, body, sum(octet_length(body)) over (order by rid) - octet_length(body) as bytes_before
      from (
        select rid, key, ver, upd, body from resource
        where practice = ${practice} and rtype = ${typeCode(type)} and rid > ${after}::int8
        order by rid limit ${rowsPerChunk}
      ) as chunk
    ) as measured
    where bytes_before < ${bytesPerChunk}
    order by rid
  `)
}

/** Locks the rows in the order of all writers; those that were replaced since they were read are left out. */
async function lockUnchanged(transaction: Transaction, practice: number, rows: readonly Indexed[]): Promise<Locked[]> {
  const locked = await transaction.many<{ key: string; ver: number; dt: string }>(sql`
    select key, ver, dt from resource
    where practice = ${practice} and key = any(${rows.map(({ key }) => key)}::int8[])
    order by key
    for update
  `)
  const current = new Map(locked.map((row) => [row.key, row]))
  return rows.flatMap((row) => {
    const { ver, dt } = current.get(row.key) ?? {}
    return ver === row.ver && dt !== undefined ? [{ ...row, dt }] : []
  })
}

async function reindexRows(transaction: Transaction, practice: number, rows: readonly Locked[]): Promise<void> {
  if (rows.length === 0) return
  const old = rows.map(({ rid, index, dt }) => ({ rid, removed: allOf(index, dt) }))
  for (const statement of removing(practice, old)) await transaction.run(statement)
  await updateColumns(transaction, practice, rows)
  await copyIndex(
    transaction,
    practice,
    rows.map(({ rid, index }) => ({ rid: Number(rid), index, added: index })),
  )
}

const noDateText = '-9223372036854775808'

async function updateColumns(transaction: Transaction, practice: number, rows: readonly Indexed[]) {
  const indexes = rows.map(({ index }) => index)
  await transaction.run(sql`
    update resource set patient = new.patient, dt = new.dt, dt_end = new.dt_end, present = new.present, toks = new.toks,
      mark = new.mark
    from (
      select key, patient, dt, dt_end, present::varbit as present, toks::int8[] as toks, mark
      from unnest(
        ${rows.map(({ key }) => key)}::int8[],
        ${indexes.map(({ patient }) => patient && int8Text({ high: patient[0], low: patient[1] }))}::int8[],
        ${indexes.map(({ low }) => (low === undefined ? noDateText : String(Math.floor(low))))}::int8[],
        ${indexes.map(({ low, high }) => (low === undefined || high === low + 1000 ? null : String(Math.floor(high))))}::int8[],
        ${indexes.map(({ present }) => bitsText(present))}::text[],
        ${indexes.map(({ tokens }) => tokensText(tokens))}::text[],
        ${rows.map(({ mark }) => mark)}::int2[]
      ) as made (key, patient, dt, dt_end, present, toks, mark)
    ) as new
    where resource.practice = ${practice} and resource.key = new.key
      and (resource.patient, resource.dt, resource.dt_end, resource.present, resource.toks, resource.mark)
        is distinct from (new.patient, new.dt, new.dt_end, new.present, new.toks, new.mark)
  `)
}

function bitsText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
}

/** As PostgreSQL reads an array. */
function tokensText(halves: readonly number[]): string {
  const tokens: string[] = []
  for (let i = 0; i < halves.length; i += 2) tokens.push(int8Text({ high: halves[i] ?? 0, low: halves[i + 1] ?? 0 }))
  return `{${tokens.join(',')}}`
}
