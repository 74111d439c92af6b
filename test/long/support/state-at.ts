/** What an export has to hold: the state at its T, read from history. */
import { zstdDecompressSync } from 'node:zlib'
import { type Database, sql } from '#db'
import { resourceTypes, typeCode } from '#fhir'
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
  for (const type of resourceTypes) {
    for (const { id, body, old } of await rowsAt(db, type, t)) {
      const text = body ?? (old ? zstdDecompressSync(old).toString() : '')
      if (belongs(`${type}/${id}`, text)) state.set(`${type}/${id}`, text)
    }
  }
  return state
}

interface StateRow {
  readonly id: string
  readonly body: string | null
  readonly old: Buffer | null
}

function rowsAt(db: Database, type: string, t: number): Promise<StateRow[]> {
  return db.many<StateRow>(sql`
    select id, body, null::bytea as old from resource
    where practice = 1 and rtype = ${typeCode(type)} and upd <= ${t}::int8
    union all
    select id, null, body from resource_history
    where practice = 1 and rtype = ${typeCode(type)} and upd <= ${t}::int8 and replaced > ${t}::int8 and not deleted
  `)
}
