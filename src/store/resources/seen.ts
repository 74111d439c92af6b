/**
 * The access decision on rows that are at hand. Most clauses ask only whose a row is: they are decided here; the others
 * as SQL on the stored row, in the statement or the transaction of whoever asks (search/visible.ts).
 */
import { or, type Runner, sql } from '#db'
import { keyText } from '../hash.ts'
import { where } from '../search/condition.ts'
import { Aliases } from '../search/scope.ts'
import { wherePredicate } from '../search/visible.ts'
import type { Clause, Predicate, See } from '../see.ts'

/** Whether a clause that asks for nothing but the owner (key of a Patient) is met. */
export function seesOwner(practice: number, predicate: Predicate, patient: string | undefined): boolean {
  return predicate.any.some((clause) => isOnlyOwner(clause) && ownedBy(practice, clause, patient))
}

/** Whether every clause can be decided here. */
export function asksOnlyOwner(predicate: Predicate): boolean {
  return predicate.any.every(isOnlyOwner)
}

function isOnlyOwner({ assignedTo, follows, where: constraints, hidden }: Clause): boolean {
  return assignedTo === undefined && !follows && constraints.length === 0 && hidden.length === 0
}

function ownedBy(practice: number, { patients, orNobodys }: Clause, patient: string | undefined): boolean {
  if (!patients) return true
  if (patient === undefined) return orNobodys === true
  return patients.some((id) => keyText(practice, 'Patient', id) === patient)
}

export interface Asked {
  readonly type: string
  readonly key: string
  readonly predicate: Predicate
}

/** Keys of the rows that a clause which cannot be decided here lets see. */
export async function seenByQuery(
  runner: Runner,
  practice: number,
  see: See,
  asked: readonly Asked[],
): Promise<ReadonlySet<string>> {
  const open = asked.filter(({ predicate }) => !asksOnlyOwner(predicate))
  if (open.length === 0) return new Set()
  const aliases = new Aliases()
  const row = aliases.next()
  const conditions = together(open).map(({ type, keys, predicate }) => {
    const scope = { practice, row, type, isNarrow: true, see, where, aliases }
    const rest = { any: predicate.any.filter((clause) => !isOnlyOwner(clause)) }
    return sql`${row}.key = any(${keys}::int8[]) and ${wherePredicate(scope, rest)}`
  })
  const rows = await runner.many<{ key: string }>(sql`
    select ${row}.key from resource ${row}
    where ${row}.practice = ${practice} and ${or(conditions)}
  `)
  return new Set(rows.map(({ key }) => key))
}

/** Rows of one type and predicate are asked for together. */
function together(asked: readonly Asked[]): { type: string; predicate: Predicate; keys: string[] }[] {
  const groups: { type: string; predicate: Predicate; keys: string[] }[] = []
  for (const { type, predicate, key } of asked) {
    const group = groups.find((each) => each.type === type && each.predicate === predicate)
    if (group) group.keys.push(key)
    else groups.push({ type, predicate, keys: [key] })
  }
  return groups
}
