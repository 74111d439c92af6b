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
    const { row, isShown } = await currentFor(writing, type, await find(writing))
    const [written] = await commit(writing, [patchedResource(writing, row, change, ifMatch)])
    const { preference } = writing
    return writtenAnswer(call.base, written, preference === 'representation' && !isShown ? 'minimal' : preference)
  })
}

/** The patch of a resource, written if it still is what was read. */
function patchedResource(writing: Writing, row: Row, change: Patch, ifMatch: Change['ifMatch']): Prepared {
  const { type, id, version } = row
  return updateResource(writing, {
    type,
    id,
    content: patchedContent(writing, row, change, ifMatch),
    ifMatch: [version],
  })
}

/** What the patch makes of a resource. */
export function patchedContent(
  writing: Writing,
  { type, id, version, body }: Row,
  change: Patch,
  ifMatch: Change['ifMatch'],
): Content {
  if (Array.isArray(ifMatch) && !ifMatch.includes(version)) {
    throw new Problem('stale', `${type}/${id} was changed since the version that If-Match names; read it again`)
  }
  const content = checkedContent(writing, type, unchangedType(type, change(body)))
  if (content.resource.id !== id)
    throw new Problem('invalid', 'Cannot apply the patch: it changes the id of the resource')
  return content
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
export async function currentFor({ store, who, access, practice, see }: Writing, type: string, id: string) {
  const updated = onlyOffered(practice, seeAs(who, 'update', access))
  const [found, read] = await Promise.all([store.read(updated, type, id), store.read(see, type, id)])
  if (found.state === 'deleted') throw new Problem('gone', `${type}/${id} was deleted`)
  if (found.state === 'none') throw new Problem('not-found', `${type}/${id} is not known`)
  return { row: found.row, isShown: read.state === 'current' }
}
