import { type Call, parameters } from '#http'
import { Problem } from '#lib'
import type { Entry } from '#store'
import { currentFor, patchedContent, patchOf } from '../interactions/patch.ts'
import { idAt, resourceTypeAt } from '../resource-type.ts'
import { requireIfMatch, versionsIn } from '../writing/if-match.ts'
import { oneMatch } from '../writing/match.ts'
import { mayWrite, type Writing } from '../writing/writing.ts'
import type { Asked } from './asked.ts'
import { entryRequest } from './entry-call.ts'
import { entryProblem } from './entry-problem.ts'

export interface PlannedEntry extends Entry {
  /** Whether they may be shown what becomes of it. */
  readonly isShown: boolean
}

/**
 * A patch as the update that it amounts to, of the version that was read: so its references are led to other entries, and
 * it is checked and written as any update is.
 */
export async function patchedEntry(writing: Writing, call: Call, asked: Asked): Promise<PlannedEntry> {
  try {
    return await patched(writing, call, asked)
  } catch (error) {
    throw error instanceof Problem ? entryProblem(asked.entry.index, error) : error
  }
}

async function patched(writing: Writing, call: Call, { entry, path, query }: Asked): Promise<PlannedEntry> {
  const [name = '', given = '', ...rest] = path.split('/')
  const type = resourceTypeAt(writing.practice, name)
  if (rest.length > 0) throw new Problem('incorrect', 'A patch is for Type/id or Type?criteria')
  mayWrite(writing, 'update', type)
  const ifMatch = entry.ifMatch === undefined ? undefined : versionsIn(entry.ifMatch)
  requireIfMatch(ifMatch, writing.practice.dialect)
  const change = patchOf(writing, entryRequest(call.headers, entry, 'PATCH'))
  const id = query === '' ? idAt(given) : (await oneMatch(writing, type, parameters(query)))?.id
  if (id === undefined) throw new Problem('not-found', `No ${type} meets the criteria`)
  const current = await currentFor(writing, type, id)
  const { text, resource } = patchedContent(writing, current, change, ifMatch)
  return {
    ...entry,
    method: 'PUT',
    url: `${type}/${id}`,
    resource: { type, text, parsed: resource },
    ifMatch: `W/"${current.row.version}"`,
    isShown: current.isShown,
    isPatched: true,
  }
}
