import type { Interaction, Principal } from './decision.ts'
import { operator, type Permission, type PracticeRules } from './practice-rules.ts'
import type { Question } from './question.ts'
import { type Level, parseScopes, type ResourceScope } from './scopes.ts'

/** A scope that allows what is asked, and the constraints that go with it. */
export interface Grant {
  readonly level: Level
  /** Queries, all of which hold. */
  readonly constraints: readonly string[]
  /** The practice's permission for the app stands behind it. */
  readonly isByPermission: boolean
}

/** The grants for a type, one for each scope; a system/ scope counts where the practice permits the same. */
export function grantsFor({ principal, interaction, type, practice, ownership }: Question): readonly Grant[] {
  const allows = (scope: ResourceScope) =>
    scope.interactions.has(interaction) && (scope.type === type || (scope.type === '*' && ownership.class !== 'audit'))
  return parseScopes(principal.scopes)
    .resources.filter(allows)
    .flatMap((scope): Grant[] => {
      const { level, constraint } = scope
      if (level !== 'system' || principal.client === operator) {
        return [{ level, constraints: [constraint].filter((query) => query !== ''), isByPermission: false }]
      }
      return permittedScopes(practice.permission, type)
        .filter(allows)
        .map((permitted) => ({
          level,
          constraints: [...new Set([constraint, permitted.constraint])].filter((query) => query !== ''),
          isByPermission: true,
        }))
    })
}

function permittedScopes(permission: Permission | undefined, type: string): readonly ResourceScope[] {
  if (!permission?.isEnabled || (permission.types && !permission.types.includes(type))) return []
  return parseScopes(permission.scopes).resources.filter(({ level }) => level === 'system')
}

/** Whether the grant's level opens every type without constraint, so that what a row belongs to needs no look. */
export function isSeeingAll({ principal, interaction, practice }: Question, { level, isByPermission }: Grant): boolean {
  const { permission } = practice
  if (!opensAll(principal.scopes, level, interaction)) return false
  if (!isByPermission) return true
  return permission !== undefined && !permission.types && opensAll(permission.scopes, level, interaction)
}

function opensAll(scopes: string, level: Level, interaction: Interaction): boolean {
  return parseScopes(scopes).resources.some(
    (scope) =>
      scope.level === level && scope.type === '*' && scope.constraint === '' && scope.interactions.has(interaction),
  )
}

/** S-3: a token with patient/ scopes and not exactly one patient opens nothing, whatever else it holds. */
export function isStranded({ scopes, patients }: Principal): boolean {
  return patients.length !== 1 && parseScopes(scopes).resources.some(({ level }) => level === 'patient')
}

export function isSwitchedOff({ client }: Principal, { permission }: PracticeRules): boolean {
  return client !== operator && permission?.isEnabled === false
}
