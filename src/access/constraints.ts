import { type Condition, parseConstraint } from '#fhir'
import { Problem } from '#lib'

/**
 * The conditions of a granular scope's query for a type. S-4: what can't be built is refused, for a condition left out
 * would show more than was granted.
 */
export function conditionsOf(type: string, constraint: string): readonly Condition[] {
  if (constraint === '') return []
  const conditions = build(type, constraint)
  if (conditions.length === 0) throw unbuildable(type, constraint, undefined)
  return conditions
}

function build(type: string, constraint: string): readonly Condition[] {
  try {
    return parseConstraint(type, constraint)
  } catch (cause) {
    throw unbuildable(type, constraint, cause)
  }
}

function unbuildable(type: string, constraint: string, cause: unknown): Problem {
  // names only: a value may say whose the data is
  const names = constraint.split('&').map((part) => part.split('=')[0])
  return new Problem('forbidden', `Cannot apply a scope's constraint on ${names.join(' and ')} to ${type}`, { cause })
}
