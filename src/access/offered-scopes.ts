import { ownershipOf } from '#fhir'
import type { PracticeRules } from './practice-rules.ts'
import type { Level } from './scopes.ts'

type Writes = Pick<PracticeRules, 'writes' | 'patientWrites'>

/** The scopes of resources that can be granted at a practice: none that the access decision would never honour. */
export function offeredScopes(levels: readonly Level[], types: readonly string[], rules: Writes): readonly string[] {
  return levels.flatMap((level) => [
    `${level}/*.${mayWrite(level, rules) ? 'cruds' : 'rs'}`,
    `${level}/*.read`,
    ...types.flatMap((type) => scopeOf(level, type, rules)),
  ])
}

function scopeOf(level: Level, type: string, rules: Writes): readonly string[] {
  const ownership = ownershipOf(type)?.class
  if (level === 'patient' && (ownership === 'kept' || ownership === 'audit')) return []
  const isPatients = ownership === 'owned' || ownership === 'patient' || ownership === 'follows'
  const isWritten = ownership !== 'audit' && (level !== 'patient' || isPatients)
  return [`${level}/${type}.${isWritten && mayWrite(level, rules) ? 'cruds' : 'rs'}`]
}

function mayWrite(level: Level, { writes, patientWrites }: Writes): boolean {
  return writes && (level !== 'patient' || patientWrites)
}
