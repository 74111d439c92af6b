/**
 * The state of a practice as of T (specs/scale.md part 3): current rows with a stamp up to T, and history rows with a stamp
 * up to T that were replaced after it. `takeT` gives a T that later writes can't reach, so two readings of one T are equal,
 * whatever happens meanwhile and in whatever process. No transaction stays open: each chunk is one statement, which sees a
 * row either as current or in history. What the product writes is held against it, so it shares no statement with that.
 */
import { zstdDecompressSync } from 'node:zlib'
import { type Runner, sql } from '#db'
import { resourceTypes, typeCode } from '#fhir'

export interface StateRow {
  readonly type: string
  readonly id: string
  readonly version: number
  /** Stamp: microseconds since 1970. */
  readonly stamp: number
  /** The exact text; undefined for a deletion. */
  readonly body: string | undefined
}

export interface AsOfOptions {
  /** All types of R4 by default. */
  readonly types?: readonly string[]
  /** Only what changed after this stamp. */
  readonly changedAfter?: number
  /** With the deletions that stand at T. */
  readonly withDeletions?: boolean
}

const rowsPerChunk = 500

/** By type in the order of `types`, within a type in the order of creation; chunks of up to 500 rows. */
export async function* asOf(
  db: Pick<Runner, 'many'>,
  practice: number,
  t: number,
  options: AsOfOptions = {},
): AsyncGenerator<readonly StateRow[]> {
  for (const type of options.types ?? resourceTypes) {
    let after: string | undefined = '0'
    while (after !== undefined) {
      const rows: readonly StoredRow[] = await chunk(db, { ...options, practice, t, type, after })
      if (rows.length > 0) yield rows.map((row) => stateRow(type, row))
      after = rows.length < rowsPerChunk ? undefined : rows.at(-1)?.rid
    }
  }
}

interface StoredRow {
  rid: string
  id: string
  ver: number
  upd: string
  body: string | null
  old: Buffer | null
  deleted: boolean
}

interface Place extends AsOfOptions {
  readonly practice: number
  readonly t: number
  readonly type: string
  readonly after: string
}

function chunk(db: Pick<Runner, 'many'>, place: Place): Promise<StoredRow[]> {
  const { practice, t, type, after, changedAfter = 0, withDeletions = false } = place
  return db.many<StoredRow>(sql`
    (
      select rid, id, ver, upd, body, null::bytea as old, false as deleted
      from resource
      where practice = ${practice} and rtype = ${typeCode(type)} and rid > ${after}::int8
        and upd <= ${t}::int8 and upd > ${changedAfter}::int8
      order by rid limit ${rowsPerChunk}
    ) union all (
      select rid, id, ver, upd, null, body, deleted
      from resource_history
      where practice = ${practice} and rtype = ${typeCode(type)} and rid > ${after}::int8
        and upd <= ${t}::int8 and upd > ${changedAfter}::int8 and replaced > ${t}::int8
        and (not deleted or ${withDeletions}::bool)
      order by rid limit ${rowsPerChunk}
    )
    order by rid limit ${rowsPerChunk}
  `)
}

function stateRow(type: string, { id, ver, upd, body, old, deleted }: StoredRow): StateRow {
  const text = deleted ? undefined : (body ?? (old ? zstdDecompressSync(old).toString() : undefined))
  return { type, id, version: ver, stamp: Number(upd), body: text }
}
