import { zstdDecompressSync } from 'node:zlib'
import { type Sql, sql } from '#db'
import { typeOf } from '#fhir'
import type { Version } from '../store.ts'

/** A version as both tables have it. */
export interface VersionRow {
  readonly rtype: number
  readonly id: string
  readonly ver: number
  readonly upd: string
  readonly deleted: boolean
  /** Of the current version. */
  readonly body: string | null
  /** Of an earlier one, compressed. */
  readonly old: Buffer | null
}

export function currentColumns(row: Sql): Sql {
  return sql`${row}.rtype, ${row}.id, ${row}.ver, ${row}.upd, false as deleted, ${row}.body, null::bytea as old`
}

export function pastColumns(row: Sql): Sql {
  return sql`${row}.rtype, ${row}.id, ${row}.ver, ${row}.upd, ${row}.deleted, null as body, ${row}.body as old`
}

export function toVersion({ rtype, id, ver: version, upd, deleted, body, old }: VersionRow): Version {
  const [type, updated] = [typeOf(rtype), Number(upd)]
  if (deleted) return { state: 'deleted', type, id, version, updated }
  const text = body ?? (old ? zstdDecompressSync(old).toString() : '')
  return { state: 'stored', row: { type, id, version, updated, body: text } }
}
