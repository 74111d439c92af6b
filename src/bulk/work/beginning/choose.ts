/** Which rows of each type go out, and noting those that their type does not tell; read in the snapshot at T. */
import type { Predicate, See } from '#access'
import type { Runner } from '#db'
import { ownershipOf } from '#fhir'
import {
  type Choice,
  type Cohort,
  type Extent,
  type IndexScope,
  noteBinaries,
  noteKeys,
  noteProvenance,
  noteRows,
  type RowsAsked,
} from '#store'
import type { Export } from '../../export.ts'
import type { Members } from './cohort.ts'
import type { Chosen } from './cutting.ts'
import type { Filters } from './filters.ts'

export interface Choosing {
  readonly runner: Runner
  readonly exported: Export
  readonly t: number
  readonly see: See
  readonly members: Members
  readonly filters: Filters
  /** How rows are indexed here. */
  readonly scope: IndexScope
}

/** What goes out of a type; undefined: nothing now, since it comes with what refers to it, or not at all. */
export async function choose(choosing: Choosing, extent: Extent): Promise<Chosen | undefined> {
  const { exported, see, filters, members } = choosing
  const { type, rows } = extent
  const predicate = see(type)
  if (!predicate) return undefined
  const cohort = cohortOf(exported)
  const asked = askedOf(choosing, type, predicate)
  const { organizedBy } = exported.request
  const isNoted = organizedBy !== undefined || asked.filters.length > 0 || hiddenOf(predicate) === undefined
  const whole = (of: Choice, share = 1): Chosen => ({
    type,
    of,
    extent,
    rows: rows * share,
    ...(exported.request.since !== undefined && of !== 'members' && { isWhole: true }),
  })
  const noted = (count: number): Chosen => ({ type, of: 'rows', extent, rows: count })
  const kind = ownershipOf(type)?.class
  // blocks hold what is a patient's own
  if (organizedBy && kind !== 'owned' && kind !== 'patient') return undefined
  switch (kind) {
    case 'owned':
    case 'patient':
      if (isNoted) return noted(await noteRows(choosing.runner, asked))
      return cohort === 'members' ? whole('members', members.share) : whole(cohort === 'everybody' ? 'all' : 'owned')
    case 'follows':
      return noteFollowing(choosing, asked, { isNoted, whole, noted })
    case 'shared':
      if (cohort !== 'members')
        return isNoted ? noted(await noteRows(choosing.runner, everybodys(asked))) : whole('all')
      return filters.has(type) ? noted(await noteShared(choosing, asked)) : undefined
    case 'open':
      if (cohort !== 'everybody' && !exported.request.isTyped) return undefined
      return isNoted ? noted(await noteRows(choosing.runner, everybodys(asked))) : whole('all')
    case 'kept':
      if (cohort === 'everybody') return isNoted ? noted(await noteRows(choosing.runner, asked)) : whole('all')
      return type === 'Group' && members.group !== undefined
        ? noted(await noteKeys(choosing.runner, everybodys(asked), [members.group]))
        : undefined
    default:
      return undefined // the audit trail goes into no export
  }
}

export function cohortOf({ request: { level, patients } }: Pick<Export, 'request'>): Cohort {
  if (level === 'system') return 'everybody'
  return level === 'patient' && !patients ? 'all patients' : 'members'
}

/** Labels that hide rows, where nothing else limits them; undefined: more does. */
function hiddenOf({ any }: Predicate): readonly string[] | undefined {
  const [clause, ...others] = any
  if (!clause || others.length > 0) return undefined
  const { where, hidden, ...limits } = clause
  return where.length === 0 && Object.keys(limits).length === 0 ? hidden : undefined
}

/** Labels that hide rows by whichever clause they are seen: asked of a row that was noted, too, as it may be marked since. */
export function alwaysHidden(predicate: Predicate | undefined): readonly string[] {
  const [first, ...others] = predicate?.any ?? []
  return first?.hidden.filter((label) => others.every(({ hidden }) => hidden.includes(label))) ?? []
}

function askedOf({ exported, t, see, filters }: Choosing, type: string, predicate: Predicate): RowsAsked {
  const { practice, id, request } = exported
  const { since, until } = request
  return {
    ...{ practice, id, t, type, predicate, see, since, until },
    cohort: cohortOf(exported),
    filters: filters.get(type) ?? [],
  }
}

/** Shared resources are nobody's, and so of no cohort. */
function everybodys(asked: RowsAsked): RowsAsked {
  return { ...asked, cohort: 'everybody' }
}

/** What a filter picks, and members of the group that are no patients; of other types they come with what is referred to. */
async function noteShared({ runner, members }: Choosing, asked: RowsAsked): Promise<number> {
  const picked = await noteRows(runner, everybodys(asked))
  return picked + (await noteKeys(runner, everybodys({ ...asked, filters: [] }), members.others))
}

interface Ways {
  readonly isNoted: boolean
  readonly whole: (of: Choice) => Chosen
  readonly noted: (rows: number) => Chosen
}

async function noteFollowing({ runner, exported, scope }: Choosing, asked: RowsAsked, { isNoted, whole, noted }: Ways) {
  const { request } = exported
  const isLatest = request.provenance === 'latest'
  if (asked.cohort === 'everybody' && !(asked.type === 'Provenance' && isLatest)) {
    return isNoted ? noted(await noteRows(runner, asked)) : whole('all')
  }
  if (asked.type === 'Binary') return noted(await noteBinaries(runner, asked))
  const targetTypes = request.types.filter((type) => type !== 'Provenance')
  return noted(await noteProvenance(runner, { ...asked, scope, isLatest, ...(request.isTyped && { targetTypes }) }))
}
