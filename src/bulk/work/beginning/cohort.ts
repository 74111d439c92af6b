import type { See } from '#access'
import type { Runner } from '#db'
import { groupKey, type IndexScope, membersAt, noteGone, noteMembers, patientKeys } from '#store'
import type { Export, Notice } from '../../export.ts'

/** Who belongs to an export's cohort at T. */
export interface Members {
  /** Of all patients. */
  readonly share: number
  /** Keys of members that are no patients. */
  readonly others: readonly string[]
  /** Key of the group. */
  readonly group: string | undefined
  readonly notices: readonly Notice[]
}

export interface Gathering {
  readonly runner: Runner
  readonly exported: Export
  readonly t: number
  readonly scope: IndexScope
  readonly see: See
}

export async function gatherMembers({ runner, exported, t, scope, see }: Gathering): Promise<Members> {
  const { practice, id, request } = exported
  const { group, patients, since } = request
  if (group === undefined && !patients) return { share: 1, others: [], group: undefined, notices: [] }
  const asked = patients && new Set(patientKeys(practice, patients))
  if (since !== undefined) await noteGone(runner, { practice, id, t, since, group, keys: asked && [...asked] })
  if (group === undefined) {
    const keys = [...(asked ?? [])]
    const { share } = await noteMembers(runner, { practice, id, t }, { keys, whole: keys.map(() => false) })
    return { share, others: [], group: undefined, notices: [] }
  }
  const found = await membersAt(runner, scope, { group, t, see })
  const wanted = found.patients.filter(({ key }) => !asked || asked.has(key))
  const { share } = await noteMembers(
    runner,
    { practice, id, t },
    {
      keys: wanted.map(({ key }) => key),
      // who came into the group since has nothing yet of what was there before
      whole: wanted.map(({ added }) => since !== undefined && added > since),
    },
  )
  const notices = [...found.notices, ...strangers(patients, practice, found.patients)]
  return { share, others: asked ? [] : found.others, group: groupKey(practice, group), notices }
}

/** Whom `patient` names and the group does not; whether they are stored is not told. */
function strangers(
  asked: readonly string[] = [],
  practice: number,
  members: readonly { readonly key: string }[],
): readonly Notice[] {
  const known = new Set(members.map(({ key }) => key))
  const keys = patientKeys(practice, asked)
  const others = asked.filter((_, i) => !known.has(keys[i] ?? ''))
  return others.map((id) => ({
    ...{ severity: 'warning', code: 'not-found' },
    sentence: `Patient/${id} is no member of the group: nothing of it is exported`,
  }))
}
