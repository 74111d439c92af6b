import { compact, labelLists, memberSpan } from '#fhir'
import type { Answer } from '#http'
import { Problem } from '#lib'
import { updateResource } from '../../interactions/update.ts'
import type { RestOptions } from '../../options.ts'
import { again } from '../../writing/again.ts'
import { commit } from '../../writing/commit.ts'
import { ifMatchOf } from '../../writing/if-match.ts'
import { mayWrite, openWriting, type Writing } from '../../writing/writing.ts'
import type { OperationCall } from '../operation.ts'
import type { Structured } from '../parameters/parameter.ts'

interface Changed {
  readonly meta: Structured
  /** From the stored text to the one that takes its place. */
  readonly change: (resource: string, meta: string) => string
}

/** An update of what was read, made again when another write came between. */
export async function changeLabels(options: RestOptions, call: OperationCall, changed: Changed): Promise<Answer> {
  const { type = '', id = '' } = call
  refuseOthers(changed.meta)
  const writing = await openWriting(options, call)
  mayWrite(writing, 'update', type)
  const ifMatch = ifMatchOf(call.headers)
  // a client that names a version wants to hear that there is another
  const written = await again(ifMatch === undefined ? ['stale'] : [], async () => {
    const { body, version } = await stored(writing, type, id)
    const text = changed.change(body, compact(changed.meta.text)) // what is stored is one line
    const content = { text, resource: JSON.parse(text) as Record<string, unknown> }
    const [one] = await commit(writing, [updateResource(writing, { type, id, content, ifMatch: ifMatch ?? [version] })])
    return { body: one.result.body ?? text, version: one.result.version, updated: one.result.updated }
  })
  return metaAnswer(written.body, written.version, written.updated)
}

async function stored({ store, see }: Writing, type: string, id: string) {
  const found = await store.read(see, type, id)
  if (found.state === 'none') throw new Problem('not-found', `${type}/${id} is not known`)
  if (found.state === 'deleted') throw new Problem('gone', `${type}/${id} was deleted`)
  return found.row
}

function refuseOthers({ value }: Structured) {
  const [other] = Object.keys(value).filter((name) => !labelLists.some((list) => list === name))
  if (other === undefined) return
  const sentence = `Cannot take the parameter "meta": ${other} is not changed by an operation, only ${labelLists.join(', ')} are`
  throw new Problem('incorrect', sentence, { expression: 'meta' })
}

/** Parameters with the meta of a resource to the letter. */
export function metaAnswer(resource: string, version: number, updated: number): Answer {
  const span = memberSpan(resource, 'meta')
  const meta = span ? resource.slice(span.valueStart, span.valueEnd) : '{}'
  return { body: metaParameters(meta), version: String(version), updated }
}

export function metaParameters(meta: string): string {
  return `{"resourceType":"Parameters","parameter":[{"name":"return","valueMeta":${meta}}]}`
}
