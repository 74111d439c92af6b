/**
 * Reading one resource. The row is looked up while the token still is (both in one statement, see `db/lookups.ts`); most
 * decisions need only whose the row is, which comes with it; the others ask again with the decision as SQL.
 * https://hl7.org/fhir/R4/http.html#read
 */
import type { Database, Find, LookupKind } from '#db'
import { keyText } from '../hash.ts'
import { deletion } from '../history/deletion.ts'
import type { See } from '../see.ts'
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
  if (!found) return deletion(db, practice, decision, type, id)
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
