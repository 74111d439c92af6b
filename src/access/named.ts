import { ownershipOf } from '#fhir'
import type { Principal } from './decision.ts'
import { grantsFor } from './grants.ts'
import type { PracticeRules } from './practice-rules.ts'

/**
 * Whether a scope that counts allows to read the type: asked where many go out at once, of types that any token may read
 * one by one, too.
 */
export function isNamed(principal: Principal, type: string, practice: PracticeRules): boolean {
  const ownership = ownershipOf(type)
  return ownership !== undefined && grantsFor({ principal, interaction: 'read', type, practice, ownership }).length > 0
}
