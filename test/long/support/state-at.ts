/** What an export has to hold: the state at its T, read from history. */
import type { Database } from '#db'
import { asOf } from '../../../src/store/index.ts'
import { Lines } from './lines.ts'
import { group, isMember } from './records.ts'

/** Whether a resource of the state belongs into an export; asked in the order of types. */
export type Belongs = (key: string, body: string) => boolean

export const levels = {
  system: () => () => true,
  /** Blocks hold what is a patient's own. */
  organized: () => (key) => /^(Patient|Observation)\//.test(key),
  patient: () => (key) => !key.startsWith('Group/'),
  group: ofGroup,
} as const satisfies Record<string, () => Belongs>

/** Members and what they own, the Group, and who made the Observations. */
function ofGroup(): Belongs {
  const performers = new Set<string>()
  return (key, body) => {
    if (key.startsWith('Practitioner/')) return performers.has(key) // after Observations, by the alphabet
    if (key === `Group/${group}`) return true
    const [, patient] = /^Patient\/p(\d+)/.exec(key) ?? /"Patient\/p(\d+)"/.exec(body) ?? []
    if (!isMember(Number(patient))) return false
    const [, performer] = /"(Practitioner\/d\d+)"/.exec(body) ?? []
    if (performer) performers.add(performer)
    return true
  }
}

export async function stateAt(db: Database, t: number, belongs: Belongs): Promise<Lines> {
  const state = new Lines()
  for await (const rows of asOf(db, 1, t)) {
    for (const { type, id, body } of rows) {
      const key = `${type}/${id}`
      if (body !== undefined && belongs(key, body)) state.set(key, body)
    }
  }
  return state
}
