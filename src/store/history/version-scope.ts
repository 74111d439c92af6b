/**
 * The access decision on versions. A version is shown to whom its own content would be: by its own owner and labels, not by
 * those of what replaced it. Of an earlier version only owner and tokens are kept, so what asks for more refuses.
 */
import { where } from '../search/condition.ts'
import { Aliases, type Scope } from '../search/scope.ts'
import type { See } from '../see.ts'

export interface VersionScopes {
  /** Of `resource`. */
  readonly current: Scope
  /** Of `resource_history`. */
  readonly past: Scope
}

export function versionScopes(practice: number, see: See, type: string, aliases = new Aliases()): VersionScopes {
  const scope = { practice, type, isNarrow: true, see, where, aliases }
  return { current: { ...scope, row: aliases.next() }, past: { ...scope, row: aliases.next(), isPast: true } }
}
