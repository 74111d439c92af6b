import { type Match, match } from './grade.ts'
import { type PatientFacts, patientFacts } from './patient-facts.ts'

/** A record that may be the patient's. */
export interface Candidate {
  readonly id: string
  readonly patient: object
}

export interface Ranked extends Match {
  readonly id: string
}

/**
 * Those that may be the patient's, best first. A record that another has taken the place of stands back: what it says
 * speaks for the one that replaced it, where that is among the candidates; alone it is no more than possible.
 */
export function rank(asked: PatientFacts, candidates: readonly Candidate[]): readonly Ranked[] {
  const known = new Map(candidates.map(({ id, patient }) => [id, patientFacts(patient)]))
  const found = new Map([...known].map(([id, facts]) => [id, match(asked, facts)]))
  for (const [id, { replacedBy }] of known) {
    const own = found.get(id)
    const [heir] = replacedBy.filter((other) => found.has(other))
    if (replacedBy.length === 0 || !own) continue
    if (heir === undefined) found.set(id, atMostPossible(own))
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
  return [...new Set(candidates.flatMap(({ patient }) => patientFacts(patient).replacedBy))].filter(
    (id) => !ids.has(id),
  )
}

function better(one: Match, other: Match | undefined): Match {
  return other && other.score > one.score ? other : one
}

function atMostPossible(own: Match): Match {
  const isBetter = own.grade === 'certain' || own.grade === 'probable'
  return isBetter ? { grade: 'possible', score: Math.min(own.score, 0.699) } : own
}
