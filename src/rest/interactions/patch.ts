import { seeAs } from '#access'
import { fhirPathPatch, jsonPatch } from '#fhir'
import { type Answer, type Call, jsonPatchType } from '#http'
import { Problem } from '#lib'
import type { Change, Row } from '#store'
import type { RestOptions } from '../options.ts'
import { idAt, onlyOffered, resourceTypeAt } from '../resource-type.ts'
import { again } from '../writing/again.ts'
import { writtenAnswer } from '../writing/answer.ts'
import { commit, type Prepared } from '../writing/commit.ts'
import { type Content, checkedContent } from '../writing/content.ts'
import { ifMatchOf, requireIfMatch } from '../writing/if-match.ts'
import { criteriaIn, oneMatch } from '../writing/match.ts'
import { mediaTypeOf, refuseOtherMedia } from '../writing/media-type.ts'
import { mayWrite, openWriting, type Writing } from '../writing/writing.ts'
import { updateResource } from './update.ts'

/** From the text of a resource to what it becomes. */
export type Patch = (text: string) => string

/** https://hl7.org/fhir/R4/http.html#patch */
export function patch(options: RestOptions) {
  return async (call: Call): Promise<Answer> => {
    const type = resourceTypeAt(call.practice, call.path.type ?? '')
    const id = idAt(call.path.id ?? '')
    return patchFound(options, call, type, async () => id)
  }
}

/** https://hl7.org/fhir/R4/http.html#cond-update: patches the one match. */
export function patchWhere(options: RestOptions) {
  return (call: Call): Promise<Answer> => {
    const type = resourceTypeAt(call.practice, call.path.type ?? '')
    const criteria = criteriaIn(call)
    return patchFound(options, call, type, async (writing) => {
      const match = await oneMatch(writing, type, criteria)
      if (match) return match.id
      throw new Problem('not-found', `No ${type} meets the criteria`)
    })
  }
}

type Find = (writing: Writing) => Promise<string>

/** What is patched may have changed when it is written: then it is read, found and patched anew. */
async function patchFound(options: RestOptions, call: Call, type: string, find: Find): Promise<Answer> {
  const writing = await openWriting(options, call)
  mayWrite(writing, 'update', type)
  const ifMatch = ifMatchOf(call.headers)
  requireIfMatch(ifMatch, call.practice.dialect)
  const change = patchOf(writing, call)
  return again(ifMatch ? [] : ['stale'], async () => {
    const current = await currentFor(writing, type, await find(writing))
    const [written] = await commit(writing, [patchedResource(writing, current, change, ifMatch)])
    const { preference } = writing
    const isTold = preference !== 'representation' || current.isShown
    return writtenAnswer(call.base, written, isTold ? preference : 'minimal')
  })
}

/** The patch of a resource, written if it still is what was read. */
function patchedResource(writing: Writing, current: Current, change: Patch, ifMatch: Change['ifMatch']): Prepared {
  const { type, id, version } = current.row
  const content = patchedContent(writing, current, change, ifMatch)
  return { ...updateResource(writing, { type, id, content, ifMatch: [version] }), isUntold: !current.isShown }
}

/** What stands there, and whether they may read it. */
interface Current {
  readonly row: Row
  readonly isShown: boolean
}

/** What the patch makes of a resource. */
export function patchedContent(
  writing: Writing,
  { row: { type, id, version, body }, isShown }: Current,
  change: Patch,
  ifMatch: Change['ifMatch'],
): Content {
  if (Array.isArray(ifMatch) && !ifMatch.includes(version)) {
    throw new Problem('stale', `${type}/${id} was changed since the version that If-Match names; read it again`)
  }
  try {
    const content = checkedContent(writing, type, unchangedType(type, change(body)))
    if (content.resource.id === id) return content
    throw new Problem('invalid', 'Cannot apply the patch: it changes the id of the resource')
  } catch (problem) {
    throw isShown || !(problem instanceof Problem) ? problem : untold(problem)
  }
}

/** What is wrong quotes what is stored: a name that was moved to where a date belongs. */
function untold(cause: Problem): Problem {
  const sentence = 'Cannot apply the patch: it does not fit what is stored; why is told to those who may read it'
  return new Problem('invalid', sentence, { cause })
}

function unchangedType(type: string, text: string): string {
  const found = (JSON.parse(text) as { resourceType?: unknown } | null)?.resourceType
  if (found === type) return text
  throw new Problem('invalid', 'Cannot apply the patch: it changes the type of the resource')
}

/** The patch in a body, by its format. */
export function patchOf(writing: Writing, { headers, body }: Pick<Call, 'headers' | 'body'>): Patch {
  if (mediaTypeOf(headers) === jsonPatchType) return (text) => jsonPatch(text, body ?? '')
  if (body?.trimStart().startsWith('[')) {
    throw new Problem('unsupported-media', `The body is a list, as a JSON Patch is: send it as ${jsonPatchType}`)
  }
  refuseOtherMedia(headers, 'a patch is application/json-patch+json, or Parameters as application/fhir+json')
  const { text: parameters } = checkedContent(writing, 'Parameters', body)
  return (text) => fhirPathPatch(text, parameters)
}

/** What stands there, for one who may update it; and whether they may read it, too. */
export async function currentFor(
  { store, who, access, practice, see }: Writing,
  type: string,
  id: string,
): Promise<Current> {
  const updated = onlyOffered(practice, seeAs(who, 'update', access))
  const [found, read] = await Promise.all([store.read(updated, type, id), store.read(see, type, id)])
  if (found.state === 'deleted') throw new Problem('gone', `${type}/${id} was deleted`)
  if (found.state === 'none') throw new Problem('not-found', `${type}/${id} is not known`)
  return { row: found.row, isShown: read.state === 'current' }
}
