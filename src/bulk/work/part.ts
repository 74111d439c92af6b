/** One part of an export: its selections one after the other, each in chunks. */

import type { See } from '#access'
import { othersWait, Postponed } from '#jobs'
import {
  type ExportPlace,
  type LinePlace,
  linesOf,
  linesOfTypes,
  type OnLine,
  type Selection,
  typeOfLine,
} from '#store'
import { endPart, type PartWork, queueStep } from '../records/parts-store.ts'
import { alwaysHidden } from './beginning/choose.ts'
import { CutFiles } from './files/cut-files.ts'
import { outgoing } from './lines/outgoing.ts'
import { runOrganized } from './organized.ts'
import { seenMeanwhile } from './seen.ts'
import type { Walk } from './walk.ts'

/** Rows that one statement reads; whole files of them, so that a chunk ends between two files. */
const chunkLines = 50_000

/** After so long others have their turn. */
const turnSeconds = 3

interface Place {
  readonly at: number
  readonly after?: LinePlace
}

export async function runPart(walk: Walk, work: PartWork, access: string): Promise<void> {
  const [first] = work.selections
  if (work.isOrganized && first) return runOrganized(walk, first, access)
  const files = new CutFiles(walk)
  const { at = 0, after } = walk.step.progress as Partial<Place>
  const began = performance.now()
  const seeNow = seenMeanwhile(walk.parts, walk.exported, access)
  try {
    for (walk.at = at; walk.at < work.selections.length; walk.at++) {
      const selection = work.selections[walk.at] as Selection
      const from = walk.at === at ? after : undefined
      await walkSelection(walk, files, { selection, seeNow, from, until: began + turnSeconds * 1000 })
    }
  } catch (error) {
    await files.abort()
    throw error
  }
  await files.settled()
  await end(walk)
}

interface Walking {
  readonly selection: Selection
  readonly seeNow: () => Promise<See>
  readonly from: LinePlace | undefined
  readonly until: number
}

async function walkSelection(walk: Walk, files: CutFiles, { selection, seeNow, from, until }: Walking): Promise<void> {
  const { parts, exported } = walk
  const { mostLines } = exported.shape
  const limit = mostLines * Math.max(1, Math.round(chunkLines / mostLines))
  const read = selection.types ? readTypes(walk, files, selection) : readType(walk, files, selection)
  for (let after = from; ; ) {
    const { lines, last } = await read(await seeNow(), { after, limit })
    if (lines < limit) break
    after = last
    // of many types a chunk ends anywhere
    if ((files.isBetweenFiles || selection.types) && performance.now() > until && (await othersWait(parts.db))) {
      await files.close()
      await files.settled()
      throw new Postponed('Others have their turn', 0)
    }
  }
  await files.close()
}

interface Chunk {
  readonly after: LinePlace | undefined
  readonly limit: number
}

function readType(walk: Walk, files: CutFiles, selection: Selection) {
  const { type } = selection
  const onLine = outgoing(walk, type, files.of(type))
  return (see: See, chunk: Chunk) => {
    const hidden = alwaysHidden(see(type))
    return linesOf(walk.parts.db, { ...placeOf(walk), ...chunk, selection, hidden }, onLine, walk.step.signal)
  }
}

function readTypes(walk: Walk, files: CutFiles, { types = [], of }: Selection) {
  let reading = ''
  let onLine: OnLine = () => undefined
  const onLineOfAny: OnLine = (line) => {
    const type = typeOfLine(line)
    if (type === reading) return onLine(line)
    reading = type
    const before = files.close()
    onLine = outgoing(walk, type, files.of(type))
    return before ? before.then(() => onLine(line)) : onLine(line)
  }
  return (see: See, chunk: Chunk) => {
    const hidden = new Map(types.map((type) => [type, alwaysHidden(see(type))]))
    const asked = { ...placeOf(walk), ...chunk, types, of: of === 'members' ? of : ('rows' as const), hidden }
    return linesOfTypes(walk.parts.db, asked, onLineOfAny, walk.step.signal)
  }
}

function placeOf({ exported: { practice, id, t, request } }: Walk): ExportPlace {
  const { since, until } = request
  return { practice, id, t, since, until }
}

/** With the last part the next step follows: what was collected, if anything was. */
function end({ parts, exported, n, step, at, references }: Walk): Promise<void> {
  const { practice, id } = exported
  return parts.db.transaction(async (transaction) => {
    await step.save({ at }, transaction)
    if (!(await endPart(transaction, { practice, id, n }))) return
    await queueStep(transaction, practice, { export: id, step: references ? 'referenced' : 'finish' })
  })
}
