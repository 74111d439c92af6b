/** The shares of an export's work, and how far the export is. */
import { type Database, type Runner, sql, type Transaction } from '#db'
import { addJob, type Failure } from '#jobs'
import type { Selection } from '#store'

/** The one kind of job that exports are made of. */
export const exportKind = 'export'

export interface ExportJob {
  readonly export: string
  readonly step: 'begin' | 'part' | 'referenced' | 'finish' | 'failed'
  readonly n?: number
}

export interface PartWork {
  /** What a poll is told that is being written. */
  readonly writes: string
  readonly selections: readonly Selection[]
  /** All types of a patient together. */
  readonly isOrganized?: boolean
  /** What the texts refer to is kept, to be exported afterwards. */
  readonly collects: boolean
}

export interface NewPart {
  readonly work: PartWork
  /** Rows, as far as they can be reckoned. */
  readonly total: number
}

export function queueStep(transaction: Transaction, practice: number, job: ExportJob): Promise<string> {
  // what has failed ends its other jobs by the beginning of their topics
  const topic = job.step === 'failed' ? `failed/${job.export}` : `${job.export}/${job.step}${job.n ?? ''}`
  return addJob(transaction, { practice, kind: exportKind, topic, payload: job })
}

/** T, what the principal may see (so that a change is noticed), and the expected size of it all. */
export async function noteBegun(
  transaction: Transaction,
  practice: number,
  id: string,
  begun: { readonly t: number; readonly total: number; readonly access: string },
): Promise<void> {
  await transaction.run(sql`
    update export set t = ${begun.t}::int8, total = ${begun.total}::float8, access = ${begun.access}, began_at = now()
    where practice = ${practice} and id = ${id} and state = 'running'
  `)
}

/** Adds parts, each with its job; without any the step `next` follows at once. */
export async function addParts(
  transaction: Transaction,
  place: { readonly practice: number; readonly id: string; readonly next: 'referenced' | 'finish' },
  parts: readonly NewPart[],
): Promise<void> {
  const { practice, id, next } = place
  const row = await transaction.maybeOne<{ last: number }>(sql`
    select coalesce(max(n), 0) as last from export_part where practice = ${practice} and export = ${id}
  `)
  const first = (row?.last ?? 0) + 1
  await transaction.run(sql`
    insert into export_part (practice, export, n, work, total)
    select ${practice}::int4, ${id}::text, (${first} + i - 1)::int4, work, total
    from unnest(${parts.map(({ work }) => JSON.stringify(work))}::jsonb[], ${parts.map(({ total }) => total)}::float8[])
      with ordinality as p (work, total, i)
  `)
  await transaction.run(sql`
    update export set open_parts = ${parts.length} where practice = ${practice} and id = ${id}
  `)
  if (parts.length === 0) await queueStep(transaction, practice, { export: id, step: next })
  for (let i = 0; i < parts.length; i++) {
    await queueStep(transaction, practice, { export: id, step: 'part', n: first + i })
  }
}

export interface Part {
  readonly work: PartWork
  readonly isDone: boolean
}

export function findPart(runner: Runner, practice: number, id: string, n: number): Promise<Part | undefined> {
  return runner.maybeOne<Part>(sql`
    select work, is_done as "isDone" from export_part where practice = ${practice} and export = ${id} and n = ${n}
  `)
}

/** Adds lines to what is done of a part. */
export async function notePart(
  runner: Runner,
  place: { readonly practice: number; readonly id: string; readonly n: number },
  lines: number,
): Promise<void> {
  await runner.run(sql`
    update export_part set done = done + ${lines}::float8
    where practice = ${place.practice} and export = ${place.id} and n = ${place.n}
  `)
}

/** The part is done; whether it was the last one that was open, which one part only is told. */
export async function endPart(
  transaction: Transaction,
  place: { readonly practice: number; readonly id: string; readonly n: number },
): Promise<boolean> {
  const { practice, id, n } = place
  const ended = await transaction.run(sql`
    update export_part set is_done = true, done = total
    where practice = ${practice} and export = ${id} and n = ${n} and not is_done
  `)
  if (ended === 0) return false
  const row = await transaction.maybeOne<{ open: number }>(sql`
    update export set open_parts = open_parts - 1 where practice = ${practice} and id = ${id} returning open_parts as open
  `)
  return row?.open === 0
}

/** What the principal might see when the export began. */
export async function accessAtBegin(runner: Runner, practice: number, id: string): Promise<string | undefined> {
  const row = await runner.maybeOne<{ access: string | null }>(sql`
    select access from export where practice = ${practice} and id = ${id}
  `)
  return row?.access ?? undefined
}

/** Its files can be fetched until it expires. */
export async function noteDone(transaction: Transaction, practice: number, id: string, hours: number): Promise<void> {
  await transaction.run(sql`
    update export set state = 'done', ended_at = now(), expires_at = now() + make_interval(hours => ${hours}::int4)
    where practice = ${practice} and id = ${id} and state = 'running'
  `)
}

export async function noteFailed(
  transaction: Transaction,
  practice: number,
  id: string,
  { kind, sentence }: Failure,
): Promise<boolean> {
  const failed = await transaction.run(sql`
    update export set state = 'failed', ended_at = now(), problem = ${kind}, sentence = ${sentence}
    where practice = ${practice} and id = ${id} and state in ('queued', 'running')
  `)
  return failed === 1
}

/** What was only needed to make the files: as many rows, maybe, as were exported. */
export function forgetWork(db: Pick<Database, 'transaction'>, practice: number, id: string): Promise<void> {
  return db.transaction(async (transaction) => {
    await transaction.run(sql`set local statement_timeout = 0`)
    await transaction.run(sql`delete from export_member where practice = ${practice} and export = ${id}`)
    await transaction.run(sql`delete from export_row where practice = ${practice} and export = ${id}`)
    await transaction.run(sql`delete from export_target where practice = ${practice} and export = ${id}`)
  })
}
