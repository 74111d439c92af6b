import type { Principal } from './decision.ts'
import { linkedPatients, sideOf } from './person.ts'
import type { PracticeRules } from './practice-rules.ts'
import type { Level } from './scopes.ts'

/** Whose rows scopes of a level reach: these patients', those assigned to a user, or, with neither, everybody's. */
export interface Reach {
  readonly patients?: readonly string[]
  readonly assignedTo?: string
}

/** Undefined: nobody's. */
export function reachOf(level: Level, principal: Principal, practice: PracticeRules): Reach | undefined {
  if (level === 'system') return {}
  if (level === 'patient') return principal.patients.length === 1 ? { patients: principal.patients } : undefined
  if (sideOf(principal) === 'practice') return reachOfStaff(principal, practice)
  const patients = sideOf(principal) === 'patients' ? linkedPatients(principal) : []
  return patients.length > 0 ? { patients } : undefined
}

function reachOfStaff({ user, breakGlass }: Principal, { visibility }: PracticeRules): Reach | undefined {
  if (visibility === 'practice' || breakGlass) return {}
  return user === undefined ? undefined : { assignedTo: user }
}
