import { type Runner, type Sql, sql } from '#db'

const never = '9223372036854775807'

/** What is stored under a key: the current version, or the deletion that stands. */
export interface Stored {
  readonly key: string
  readonly rid: string
  readonly id: string
  /** Key of the Patient who owns it. */
  readonly patient: string | undefined
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
  patient: string | null
  ver: number
  upd: string
  dt: string | null
  body: string | null
}

/**
 * Locks what is current under these keys, in one order for all writers. A row for which we waited while another writer
 * replaced it is not found (its successor is younger than our statement): so what is not found is looked for among what
 * is current and what was deleted, too, and again until nothing slips away. Both statements go out together.
 */
export async function lockCurrent(
  runner: Runner,
  practice: number,
  keys: readonly string[],
): Promise<{ stored: ReadonlyMap<string, Stored>; rounds: number }> {
  const stored = new Map<string, Stored>()
  let rounds = 0
  for (let missing = keys; missing.length > 0; rounds++) {
    const [locked, others] = await Promise.all([
      lockRows(runner, practice, missing),
      currentOrDeleted(runner, practice, missing),
    ])
    for (const row of others) if (row.deleted) stored.set(row.key, toStored(row))
    for (const row of locked) stored.set(row.key, toStored(row))
    missing = others.flatMap(({ key }) => (stored.has(key) ? [] : [key]))
  }
  return { stored, rounds }
}

function lockRows(runner: Runner, practice: number, keys: readonly string[]): Promise<StoredRow[]> {
  return runner.many<StoredRow>(sql`
    select key, rid, id, patient, ver, upd, dt, body
    from resource
    where practice = ${practice} and key = any(${keys}::int8[])
    order by key
    for update
  `)
}

function currentOrDeleted(
  runner: Runner,
  practice: number,
  keys: readonly string[],
): Promise<(StoredRow & { deleted: boolean })[]> {
  return runner.many<StoredRow & { deleted: boolean }>(sql`
    select key, rid, id, patient, ver, upd, null as dt, null as body, false as deleted
    from resource
    where practice = ${practice} and key = any(${keys}::int8[])
    union all
    select key, rid, id, patient, ver, upd, null as dt, null as body, true as deleted
    from unnest(${keys}::int8[]) as asked, lateral (
      select * from resource_history where practice = ${practice} and key = asked order by ver desc limit 1
    ) as newest
    where deleted and replaced = ${never}::int8
  `)
}

/**
 * A statement that fails (22012: what it divides by is 0) where one of these was deleted: what was taken for new came and
 * went while we looked. So nobody has to wait for its answer before the commit.
 */
export function failingWhereDeleted(practice: number, keys: readonly string[]): Sql[] {
  if (keys.length === 0) return []
  return [
    sql`
    select 1 / (case when exists (
      select 1 from resource_history
      where practice = ${practice} and key = any(${keys}::int8[]) and deleted and replaced = ${never}::int8
    ) then 0 else 1 end)`,
  ]
}

function toStored({ key, rid, id, patient, ver, upd, dt, body }: StoredRow): Stored {
  return {
    ...{ key, rid, id, patient: patient ?? undefined, version: ver, updated: Number(upd) },
    ...{ dt: dt ?? undefined, body: body ?? undefined },
  }
}
