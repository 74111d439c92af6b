/** Cuts what goes out into parts: a large type into ranges, small types together. */
import { type Choice, type Extent, greatest, least, type Selection } from '#store'
import type { NewPart } from '../../records/parts-store.ts'

/** A type with what of it goes out, and about how many rows that is. */
export interface Chosen {
  readonly type: string
  readonly of: Choice
  readonly rows: number
  readonly extent: Pick<Extent, 'first' | 'last'>
  /** Its rows come in the order of their change, so that it can't be cut by their places. */
  readonly isWhole?: boolean
}

/** Of more rows a part is cut; fewer are put together with others. */
const mostRows = 250_000
const fewRows = 50_000
const mostCuts = 64

export function cut(chosen: readonly Chosen[], collects: boolean): NewPart[] {
  const parts: NewPart[] = []
  let small: Chosen[] = []
  const partOf = (those: readonly Chosen[], selections: readonly Selection[], total: number): NewPart => ({
    work: { writes: those.map(({ type }) => type).join(', '), selections, collects },
    total: Math.max(1, Math.round(total)),
  })
  const closeSmall = () => {
    if (small.length > 0) parts.push(partOf(small, together(small), sumOf(small)))
    small = []
  }
  for (const each of chosen) {
    if (each.rows < fewRows) {
      small.push(each)
      if (sumOf(small) >= fewRows) closeSmall()
      continue
    }
    const ranges = rangesOf(each)
    for (const range of ranges) parts.push(partOf([each], [range], each.rows / ranges.length))
  }
  closeSmall()
  return parts
}

/** Patients whose records are about so many rows. */
const rowsOfBlocks = 20_000

/** For blocks: by the keys of patients. */
export function cutPatients(chosen: readonly Chosen[]): NewPart[] {
  const rows = sumOf(chosen)
  const cuts = Math.max(1, Math.ceil(rows / rowsOfBlocks))
  const [lo, hi] = [BigInt(least), BigInt(greatest)]
  const at = (i: number) => String(lo + ((hi - lo) * BigInt(i)) / BigInt(cuts))
  return Array.from({ length: cuts }, (_, i) => ({
    work: {
      ...{ writes: 'Patient', isOrganized: true, collects: false },
      selections: [{ type: 'Patient', of: 'rows', lo: at(i), hi: at(i + 1) }],
    },
    total: Math.max(1, rows / cuts),
  }))
}

function sumOf(chosen: readonly Chosen[]): number {
  return chosen.reduce((sum, { rows }) => sum + rows, 0)
}

function boundsOf({ of, extent }: Chosen): readonly [lo: bigint, hi: bigint] {
  if (of === 'members') return [BigInt(least), BigInt(greatest)]
  return [BigInt(extent.first) - 1n, BigInt(extent.last)]
}

function wholeOf(chosen: Chosen): Selection {
  const [lo, hi] = boundsOf(chosen)
  return { type: chosen.type, of: chosen.of, lo: String(lo), hi: String(hi) }
}

/** Rows that were found one by one, or by their patients, are read together, whatever their types. */
function together(small: readonly Chosen[]): Selection[] {
  const apart = small.filter(({ of }) => of !== 'members' && of !== 'rows').map(wholeOf)
  const joined = (['members', 'rows'] as const).flatMap((of): Selection[] => {
    const types = small.filter((each) => each.of === of).map(({ type }) => type)
    const [type] = types
    return type === undefined ? [] : [{ type, types, of, lo: least, hi: greatest }]
  })
  return [...apart, ...joined]
}

/** Keys of patients are hashes, and so evenly spread; rids nearly so within a type. */
function rangesOf(chosen: Chosen): Selection[] {
  const cuts = chosen.isWhole ? 1 : Math.min(mostCuts, Math.ceil(chosen.rows / mostRows))
  const [lo, hi] = boundsOf(chosen)
  const at = (i: number) => lo + ((hi - lo) * BigInt(i)) / BigInt(cuts)
  return Array.from({ length: cuts }, (_, i) => ({ ...wholeOf(chosen), lo: String(at(i)), hi: String(at(i + 1)) }))
}
