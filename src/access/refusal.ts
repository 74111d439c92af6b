import { ownershipOf } from '#fhir'
import { Problem } from '#lib'
import type { Interaction, Principal } from './decision.ts'
import { isStranded, isSwitchedOff } from './grants.ts'
import { linkedPatients, sideOf } from './person.ts'
import { operator, type PracticeRules } from './practice-rules.ts'
import { isWrite } from './question.ts'
import { type Level, parseScopes, scopeText } from './scopes.ts'

/** Why `access` answered nothing, with the scope that would allow it. */
export function refusal(
  principal: Principal,
  interaction: Interaction,
  type: string,
  practice: PracticeRules,
): Problem {
  const reason = reasonOf(principal, interaction, type, practice)
  return new Problem('forbidden', `Cannot ${interaction} ${type}: ${reason}`)
}

function reasonOf(principal: Principal, interaction: Interaction, type: string, practice: PracticeRules): string {
  const level = levelOf(principal)
  const scope = scopeText({ level, type, interactions: new Set([interaction]), constraint: '' })
  const letter = scope.slice(scope.lastIndexOf('.'))
  const ofStaff = `user/${type}${letter} of the practice's staff or system/${type}${letter}`
  const ownership = ownershipOf(type)?.class
  const isOfPatients = level === 'patient' || (level === 'user' && sideOf(principal) === 'patients')

  if (isSwitchedOff(principal, practice)) return 'the practice has switched this app off'
  if (isStranded(principal))
    return `${scope} is for exactly one patient, and the token names ${principal.patients.length}`
  if (isWrite(interaction) && !practice.writes) return `the practice takes no writes; where it does, ${scope} allows it`
  if (ownership === 'audit') return auditReason(interaction, type, letter)
  if (isOfPatients && ownership === 'kept') return `it is never shown in a patient's context; ${ofStaff} would allow it`
  if (isOfPatients && isWrite(interaction)) {
    if (!practice.patientWrites) return `apps of patients may not write at this practice; ${ofStaff} would allow it`
    if (ownership === 'shared' || ownership === 'open') return `it is no patient's own; ${ofStaff} would allow it`
  }
  if (!isNamed(principal, level, interaction, type)) return `the token's scopes do not allow it, ${scope} would`
  return reachReason(principal, level, scope)
}

function auditReason(interaction: Interaction, type: string, letter: string): string {
  if (isWrite(interaction)) return 'audit events are written by the platform only'
  return `it takes user/${type}${letter} or system/${type}${letter} by name and the role auditor or administrator`
}

/** The scope is there, but reaches no one. */
function reachReason(principal: Principal, level: Level, scope: string): string {
  if (level === 'system' && principal.client !== operator) return `the practice has not permitted this app ${scope}`
  if (level === 'user' && sideOf(principal) === undefined) return `${scope} takes a user, and the token names none`
  if (level === 'user' && linkedPatients(principal).length === 0 && sideOf(principal) === 'patients') {
    return `${scope} takes a user who is linked to a patient`
  }
  return `it is outside what this practice shows under ${scope}`
}

/** The level at which the principal would have to be given the scope. */
function levelOf({ scopes, user, patients }: Principal): Level {
  const levels = new Set(parseScopes(scopes).resources.map(({ level }) => level))
  for (const level of ['patient', 'user', 'system'] as const) if (levels.has(level)) return level
  if (patients.length === 1) return 'patient'
  return user === undefined ? 'system' : 'user'
}

/** Whether a scope of this level names the type and allows the interaction. */
function isNamed({ scopes }: Principal, level: Level, interaction: Interaction, type: string): boolean {
  return parseScopes(scopes).resources.some(
    (scope) =>
      scope.level === level && (scope.type === type || scope.type === '*') && scope.interactions.has(interaction),
  )
}
