/** After a cohort's records: the shared resources that they name, and what these name in turn. */
import { cancellable } from '#db'
import { ownershipOf } from '#fhir'
import { noteTargets, reachesOf } from '#store'
import { addParts } from '../records/parts-store.ts'
import { cut } from './beginning/cutting.ts'
import type { Filters } from './beginning/filters.ts'
import { seenAsBefore } from './seen.ts'
import type { Walk } from './walk.ts'

/** Types that come with what refers to them: shared ones, and a Device that is nobody's. */
export function sharedTypes(types: readonly string[]): readonly string[] {
  return types.filter((type) => {
    const ownership = ownershipOf(type)
    return ownership?.class === 'shared' || (ownership?.class === 'owned' && ownership.orElse === 'shared')
  })
}

export async function addReferenced(walk: Walk, access: string, filters: Filters): Promise<void> {
  const { parts, exported, step } = walk
  const { practice, id, t, request } = exported
  const see = await seenAsBefore(parts, exported, access)
  // what a filter picks went out already
  const types = sharedTypes(request.types).filter((type) => !filters.has(type))
  await cancellable(parts.db, step.signal).transaction(async (transaction) => {
    const noted = await noteTargets(transaction, { practice, id, t, types, see })
    const reaches = await reachesOf(transaction, practice, [...noted.keys()])
    const chosen = reaches.map((extent) => ({
      ...extent,
      extent,
      of: 'rows' as const,
      rows: noted.get(extent.type) ?? 0,
    }))
    await step.save({ noted: true }, transaction) // before the export's row, as all do
    await addParts(transaction, { practice, id, next: 'finish' }, cut(chosen, false))
  })
}
