import { zstdDecompressSync } from 'node:zlib'
import { type Database, sql } from '#db'
import { typeCode } from '#fhir'
import { keyText } from '../hash.ts'

/** A version of a type that was replaced up to T, or a deletion. */
export interface EarlierVersion {
  readonly id: string
  /** Stamp: microseconds since 1970. */
  readonly stamp: number
  /** Undefined: it is a deletion. */
  readonly body: string | undefined
}

interface Asked {
  readonly practice: number
  readonly type: string
  readonly t: number
  /** Only what was this patient's. */
  readonly patient?: string | undefined
  readonly signal: AbortSignal
}

/** Tells the versions that no longer stood at T, those of a resource one after the other; one is in memory at a time. */
export function earlierVersions(
  db: Database,
  { practice, type, t, patient, signal }: Asked,
  onVersion: (version: EarlierVersion) => Promise<void> | void,
): Promise<void> {
  const isTheirs = patient === undefined ? sql`` : sql`and patient = ${keyText(practice, 'Patient', patient)}::int8`
  const statement = sql`
    select id, upd, deleted, body from resource_history
    where practice = ${practice} and rtype = ${typeCode(type)} ${isTheirs}
      and upd <= ${t}::int8 and (deleted or replaced <= ${t}::int8)
    order by rid, ver`
  return db.copyOut(
    statement,
    (bytes, fields) => {
      const [id, upd, deleted, body] = [0, 1, 2, 3].map((column) =>
        bytes.subarray(fields[2 * column], fields[2 * column + 1]),
      )
      if (!id || !upd || !deleted || !body) throw new TypeError('a column is missing')
      return onVersion({
        id: id.toString(),
        stamp: Number(upd.readBigInt64BE()),
        body: deleted[0] === 1 ? undefined : zstdDecompressSync(body).toString(),
      })
    },
    signal,
  )
}
