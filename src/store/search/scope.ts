import { name, type Sql, sql } from '#db'
import type { Condition } from '#fhir'
import type { See } from '../see.ts'

export type ParameterCondition = Extract<Condition, { kind: 'parameter' }>

/** What a condition needs to know of where it stands. */
export interface Scope {
  readonly practice: number
  /** The alias of `resource` whose rows are tested, and their type. */
  readonly row: Sql
  readonly type: string
  /**
   * Few rows are left when this condition is tested (those of a patient): tokens are then compared one by one, so that
   * the planner cannot choose the index over all patients (112 ms against 0.6, specs/performance.md 3d).
   */
  readonly isNarrow: boolean
  /** The rows are earlier versions (`resource_history`), of which only owner and tokens are kept. */
  readonly isPast?: boolean
  readonly see: See
  /** `where` of condition.ts: conditions hold conditions, and what may be seen holds them too. */
  readonly where: (scope: Scope, condition: Condition) => Sql
  /** Makes aliases that differ. */
  readonly aliases: Aliases
}

export class Aliases {
  #made = 0

  next(): Sql {
    return name(`r${this.#made++}`)
  }
}

export function within(scope: Scope, row: Sql, type: string): Scope {
  return { ...scope, row, type, isNarrow: false, isPast: false }
}

/** Rows of `index_number` and `index_date`: of the resource itself, or of the composite's element with this token. */
export function ofPart(part: string | undefined): Sql {
  return part === undefined ? sql`part is null` : sql`part = ${part}::int8`
}
