import { atMost, type Match, match } from './grade.ts'
import type { PatientFacts } from './patient-facts.ts'

/** A record that may be the patient's. */
export interface Candidate {
  readonly id: string
  readonly facts: PatientFacts
}

export interface Ranked extends Match {
  readonly id: string
}

/**
 * Those that may be the patient's, best first. A record that another has taken the place of stands back: what it says
 * speaks for the one that replaced it, where that is among the candidates; alone it is no more than possible.
 */
export function rank(asked: PatientFacts, candidates: readonly Candidate[]): readonly Ranked[] {
  const found = new Map(candidates.map(({ id, facts }) => [id, match(asked, facts)]))
  for (const { id, facts } of candidates) {
    const { replacedBy } = facts
    const own = found.get(id)
    const [heir] = replacedBy.filter((other) => found.has(other))
    if (replacedBy.length === 0 || !own) continue
    if (heir === undefined) found.set(id, atMost(own, 'possible'))
    else {
      found.delete(id)
      found.set(heir, better(own, found.get(heir)))
    }
  }
  return [...found]
    .map(([id, { grade, score }]) => ({ id, grade, score }))
    .filter(({ grade }) => grade !== 'certainly-not')
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
}

/** The records that took the place of these and are not among them. */
export function missingHeirs(candidates: readonly Candidate[]): readonly string[] {
  const ids = new Set(candidates.map(({ id }) => id))
  return [...new Set(candidates.flatMap(({ facts }) => facts.replacedBy))].filter((id) => !ids.has(id))
}

function better(one: Match, other: Match | undefined): Match {
  return other && other.score > one.score ? other : one
}
