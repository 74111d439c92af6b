/** Takes T and settles what goes out; see docs/decisions/0017-exports.md. */
import { cancellable } from '#db'
import { Problem } from '#lib'
import { addTargetKeys, extentsOf, stateAt } from '#store'
import type { Export } from '../../export.ts'
import { addNotices } from '../../records/notices-store.ts'
import { addParts, forgetWork, type NewPart, noteBegun } from '../../records/parts-store.ts'
import type { ExportParts, Step } from '../parts.ts'
import { accessOf } from '../seen.ts'
import { choose } from './choose.ts'
import { gatherMembers } from './cohort.ts'
import { type Chosen, cut, cutPatients } from './cutting.ts'
import { filtersOf } from './filters.ts'

export async function begin(parts: ExportParts, exported: Export, { save, signal }: Step): Promise<void> {
  const { db } = parts
  const reader = cancellable(db, signal)
  const { practice, id, request } = exported
  const see = await parts.seeOf(exported)
  refuseUnseen(exported, (type) => see(type) !== undefined)
  const scope = await parts.scopeOf(practice)
  const filters = filtersOf(request, scope)
  await forgetWork(reader, practice, id) // of an attempt that came to nothing
  const begun = await stateAt(reader, practice, async (runner, t) => {
    const members = await gatherMembers({ runner, exported, t, scope, see })
    await addTargetKeys(runner, { practice, id }, members.others)
    const chosen: Chosen[] = []
    for (const extent of await extentsOf(runner, practice, request.types)) {
      const one = await choose({ runner, exported, t, see, members, filters, scope }, extent)
      if (one && one.rows > 0) chosen.push(one)
    }
    return { t, chosen, notices: members.notices }
  })
  const planned = planOf(exported, begun.chosen)
  const total = planned.reduce((sum, part) => sum + part.total, 0)
  await db.transaction(async (transaction) => {
    // the job first, as whoever deletes an export has it: nobody waits for another in turn
    await save({ t: begun.t }, transaction)
    await noteBegun(transaction, practice, id, { t: begun.t, total, access: accessOf(see, exported) })
    await addNotices(transaction, practice, id, begun.notices)
    const next = collects(exported) ? 'referenced' : 'finish'
    await addParts(transaction, { practice, id, next }, planned)
  })
}

function planOf(exported: Export, chosen: readonly Chosen[]): NewPart[] {
  return exported.request.organizedBy ? cutPatients(chosen) : cut(chosen, collects(exported))
}

/** A cohort's export holds the shared resources to which it refers; the others hold all of these types. */
function collects({ request: { level, patients, organizedBy } }: Export): boolean {
  return !organizedBy && (level === 'group' || patients !== undefined)
}

function refuseUnseen({ request: { types } }: Export, isSeen: (type: string) => boolean) {
  const unseen = types.filter((type) => !isSeen(type))
  if (unseen.length === 0) return
  throw new Problem(
    'forbidden',
    `What this app may see was changed since the export was asked for: ${unseen.join(', ')} is not included any more; start another one`,
  )
}
