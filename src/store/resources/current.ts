import { sql, type Transaction } from '#db'

/** What is stored under a key: the current version, or the deletion that stands. */
export interface Stored {
  readonly key: string
  readonly rid: string
  readonly id: string
  readonly version: number
  readonly updated: number
  /** Main date of the current version, by which its tokens are ordered. */
  readonly dt: string | undefined
  /** Text of the current version; undefined when it was deleted. */
  readonly body: string | undefined
}

interface StoredRow {
  key: string
  rid: string
  id: string
  ver: number
  upd: string
  dt: string | null
  body: string | null
}

/**
 * Locks what is current under these keys, in one order for all writers. A row for which we waited while another writer
 * replaced it is not found (its successor is younger than our statement): then the write meets that successor at the
 * unique key and is tried again, `isAgain`, and looks until nothing slips away.
 */
export async function lockCurrent(
  transaction: Transaction,
  practice: number,
  keys: readonly string[],
  isAgain: boolean,
): Promise<Map<string, Stored>> {
  const stored = new Map<string, Stored>()
  let missing = keys
  do {
    for (const row of await lockRows(transaction, practice, missing)) stored.set(row.key, toStored(row))
    missing = keys.filter((key) => !stored.has(key))
  } while (isAgain && missing.length > 0 && (await isAnyThere(transaction, practice, missing)))
  if (missing.length > 0)
    for (const row of await deleted(transaction, practice, missing)) stored.set(row.key, toStored(row))
  return stored
}

function lockRows(transaction: Transaction, practice: number, keys: readonly string[]): Promise<StoredRow[]> {
  return transaction.many<StoredRow>(sql`
    select key, rid, id, ver, upd, dt, body
    from resource
    where practice = ${practice} and key = any(${keys}::int8[])
    order by key
    for update
  `)
}

async function isAnyThere(transaction: Transaction, practice: number, keys: readonly string[]): Promise<boolean> {
  const there = await transaction.many(sql`
    select 1 from resource where practice = ${practice} and key = any(${keys}::int8[]) limit 1
  `)
  return there.length > 0
}

/** Whether one of these was deleted: what was taken for new came and went while we looked. */
export async function isAnyDeleted(
  transaction: Transaction,
  practice: number,
  keys: readonly string[],
): Promise<boolean> {
  return keys.length > 0 && (await deleted(transaction, practice, keys)).length > 0
}

function deleted(transaction: Transaction, practice: number, keys: readonly string[]): Promise<StoredRow[]> {
  return transaction.many<StoredRow>(sql`
    select key, rid, id, ver, upd, null as dt, null as body
    from resource_history
    where practice = ${practice} and key = any(${keys}::int8[]) and deleted and replaced = ${'9223372036854775807'}::int8
  `)
}

function toStored({ key, rid, id, ver, upd, dt, body }: StoredRow): Stored {
  return { key, rid, id, version: ver, updated: Number(upd), dt: dt ?? undefined, body: body ?? undefined }
}
