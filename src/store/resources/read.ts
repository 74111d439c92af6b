/**
 * Reading one resource. The row is looked up while the token still is (both in one statement, see `db/lookups.ts`); most
 * decisions need only whose the row is, which comes with it; the others ask again with the decision as SQL.
 * https://hl7.org/fhir/R4/http.html#read
 */
import { type Database, type Find, type LookupKind, sql } from '#db'
import { typeCode } from '#fhir'
import { keyText } from '../hash.ts'
import { labelHashes } from '../search/visible.ts'
import type { Predicate, See } from '../see.ts'
import type { Found } from '../store.ts'
import { seenByQuery, seesOwner } from './seen.ts'

const rowByKey: LookupKind = {
  columns: ['key', 'id', 'patient', 'ver', 'upd', 'body'],
  from: 'resource',
  keyType: 'int8',
  keyColumn: 'key',
}

const none: Found = { state: 'none' }

export async function read(
  db: Database,
  find: Find,
  practice: number,
  see: Promise<See> | See,
  type: string,
  id: string,
): Promise<Found> {
  const key = keyText(practice, type, id)
  const looked = find(practice, rowByKey, key)
  looked.catch(() => undefined) // where the decision is a refusal, nobody else hears of a failure here
  const decision = await see
  const found = await looked
  const predicate = decision(type)
  if (!predicate) return none
  if (!found) return tombstone(db, practice, predicate, type, key)
  const [storedId, patient, version, updated, body] = found
  if (storedId !== id) return none
  const isSeen =
    seesOwner(practice, predicate, patient ?? undefined) ||
    (await seenByQuery(db, practice, decision, [{ type, key, predicate }])).has(key)
  if (!isSeen) return none
  return {
    state: 'current',
    row: { type, id, version: Number(version), updated: Number(updated), body: body ?? '' },
  }
}

/** A deletion is told to those who could have read the last version; constraints cannot be tested on it, so they refuse. */
async function tombstone(
  db: Database,
  practice: number,
  predicate: Predicate,
  type: string,
  key: string,
): Promise<Found> {
  const labels = predicate.any.flatMap(({ hidden }) => hidden)
  const row = await db.maybeOne<{ patient: string | null; upd: string; ver: number; labels: boolean }>(sql`
    select patient, upd, ver, toks && ${labelHashes(practice, type, labels)}::int8[] as labels
    from resource_history
    where practice = ${practice} and key = ${key}::int8 and rtype = ${typeCode(type)} and deleted and replaced = ${'9223372036854775807'}::int8
  `)
  if (!row || row.labels) return none
  const open: Predicate = { any: predicate.any.map((clause) => ({ ...clause, hidden: [] })) }
  if (!seesOwner(practice, open, row.patient ?? undefined)) return none
  return { state: 'deleted', updated: Number(row.upd), version: row.ver }
}
