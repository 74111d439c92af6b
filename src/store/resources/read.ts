/**
 * Reading one resource. The row is looked up while the token still is (both in one statement, see `db/lookups.ts`); most
 * decisions need only whose the row is, which comes with it; the others ask again with the decision as SQL.
 * https://hl7.org/fhir/R4/http.html#read
 */
import { type Database, type Find, type LookupKind, sql } from '#db'
import { typeCode } from '#fhir'
import { keyText } from '../hash.ts'
import { where } from '../search/condition.ts'
import { Aliases } from '../search/scope.ts'
import { labelHashes, wherePredicate } from '../search/visible.ts'
import type { Clause, Predicate, See } from '../see.ts'
import type { Found } from '../store.ts'

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
    (await seesByQuery(db, practice, decision, predicate, type, key))
  if (!isSeen) return none
  return {
    state: 'current',
    row: { type, id, version: Number(version), updated: Number(updated), body: body ?? '' },
  }
}

/** Whether a clause that asks for nothing but the owner is met. */
function seesOwner(practice: number, predicate: Predicate, patient: string | undefined): boolean {
  return predicate.any.some((clause) => isOnlyOwner(clause) && ownedBy(practice, clause, patient))
}

function isOnlyOwner({ assignedTo, follows, where: constraints, hidden }: Clause): boolean {
  return assignedTo === undefined && !follows && constraints.length === 0 && hidden.length === 0
}

function ownedBy(practice: number, { patients, orNobodys }: Clause, patient: string | undefined): boolean {
  if (!patients) return true
  if (patient === undefined) return orNobodys === true
  return patients.some((id) => keyText(practice, 'Patient', id) === patient)
}

async function seesByQuery(
  db: Database,
  practice: number,
  see: See,
  predicate: Predicate,
  type: string,
  key: string,
): Promise<boolean> {
  const rest = predicate.any.filter((clause) => !isOnlyOwner(clause))
  if (rest.length === 0) return false
  const aliases = new Aliases()
  const row = aliases.next()
  const scope = { practice, row, type, isNarrow: true, see, where, aliases }
  const rows = await db.many(sql`
    select 1 from resource ${row}
    where ${row}.practice = ${practice} and ${row}.key = ${key}::int8 and ${wherePredicate(scope, { any: rest })}
  `)
  return rows.length > 0
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
