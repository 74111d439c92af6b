import { sql, type Transaction } from '#db'

/** What is stored under a key: the current version, or the deletion that stands. */
export interface Stored {
  readonly key: string
  readonly rid: string
  readonly id: string
  readonly version: number
  readonly updated: number
  /** Text of the current version; undefined when it was deleted. */
  readonly body: string | undefined
}

interface StoredRow {
  key: string
  rid: string
  id: string
  ver: number
  upd: string
  body: string | null
}

/** Locks what is current under these keys, in one order for all writers. */
export async function lockCurrent(
  transaction: Transaction,
  practice: number,
  keys: readonly string[],
): Promise<Map<string, Stored>> {
  const rows = await transaction.many<StoredRow>(sql`
    select key, rid, id, ver, upd, body
    from resource
    where practice = ${practice} and key = any(${keys}::int8[])
    order by key
    for update
  `)
  const stored = new Map(rows.map((row) => [row.key, toStored(row)]))
  const missing = keys.filter((key) => !stored.has(key))
  if (missing.length > 0)
    for (const row of await deleted(transaction, practice, missing)) stored.set(row.key, toStored(row))
  return stored
}

function deleted(transaction: Transaction, practice: number, keys: readonly string[]): Promise<StoredRow[]> {
  return transaction.many<StoredRow>(sql`
    select key, rid, id, ver, upd, null as body
    from resource_history
    where practice = ${practice} and key = any(${keys}::int8[]) and deleted and replaced = ${'9223372036854775807'}::int8
  `)
}

function toStored({ key, rid, id, ver, upd, body }: StoredRow): Stored {
  return { key, rid, id, version: ver, updated: Number(upd), body: body ?? undefined }
}
