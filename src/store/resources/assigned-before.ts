/**
 * Whose patients are a person's is asked of what was stored before: what makes a patient theirs (an Encounter, a CareTeam) is
 * among what they write, and would let itself in.
 */
import { type Runner, sql } from '#db'
import { valueAt } from '#lib'
import { Aliases } from '../search/scope.ts'
import { whereAssigned } from '../search/visible.ts'
import type { Predicate } from '../see.ts'

interface Asked {
  readonly predicate: Predicate
  /** Key of the Patient who will own the row. */
  readonly owner: string | undefined
}

/** The predicate for a row of this owner, with no question left of who is assigned to whom. */
export type Settle = (asked: Asked) => Predicate

export async function assignedBefore(runner: Runner, practice: number, asked: readonly Asked[]): Promise<Settle> {
  const owners = new Map<string, Set<string>>()
  for (const { predicate, owner } of asked) {
    for (const { assignedTo } of predicate.any) {
      if (assignedTo && owner) valueAt(owners, assignedTo, () => new Set<string>()).add(owner)
    }
  }
  const assigned = new Set<string>()
  for (const [person, keys] of owners) {
    for (const key of await assignedTo(runner, practice, person, [...keys])) assigned.add(`${person} ${key}`)
  }
  const known = new Map<Predicate, Map<boolean | undefined, Predicate>>()
  return ({ predicate, owner }) => {
    const person = predicate.any.find((clause) => clause.assignedTo)?.assignedTo
    if (person === undefined) return predicate
    const isTheirs = owner === undefined ? undefined : assigned.has(`${person} ${owner}`)
    const settled = valueAt(known, predicate, () => new Map<boolean | undefined, Predicate>())
    return valueAt(settled, isTheirs, () => without(predicate, isTheirs))
  }
}

/** `isTheirs`: undefined for a row that is nobody's. */
function without(predicate: Predicate, isTheirs: boolean | undefined): Predicate {
  const any = predicate.any.flatMap(({ assignedTo, ...clause }) => {
    const isMet = assignedTo === undefined || (isTheirs ?? clause.orNobodys === true)
    return isMet ? [clause] : []
  })
  return { any }
}

async function assignedTo(
  runner: Runner,
  practice: number,
  person: string,
  owners: readonly string[],
): Promise<string[]> {
  const aliases = new Aliases()
  const row = aliases.next()
  const rows = await runner.many<{ patient: string }>(sql`
    select ${row}.patient from unnest(${owners}::int8[]) ${row} (patient)
    where ${whereAssigned({ practice, row, aliases }, person)}
  `)
  return rows.map(({ patient }) => patient)
}
