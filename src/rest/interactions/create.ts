import { isId, withId } from '#fhir'
import type { Answer, Call, Parameters } from '#http'
import { Problem } from '#lib'
import type { RestOptions } from '../options.ts'
import { resourceTypeAt } from '../resource-type.ts'
import { again } from '../writing/again.ts'
import { foundAnswer, note, writtenAnswer } from '../writing/answer.ts'
import { commit, type Prepared } from '../writing/commit.ts'
import { type Content, contentOf } from '../writing/content.ts'
import { createOnce } from '../writing/create-once.ts'
import { criteriaOf, criteriaText, oneMatch } from '../writing/match.ts'
import { newId } from '../writing/new-id.ts'
import { mayWrite, openWriting, type Writing } from '../writing/writing.ts'

/** https://hl7.org/fhir/R4/http.html#create and #ccreate */
export function create(options: RestOptions) {
  return async (call: Call): Promise<Answer> => {
    const type = resourceTypeAt(call.practice, call.path.type ?? '')
    const writing = await openWriting(options, call)
    mayWrite(writing, 'create', type)
    const content = contentOf(writing, type, call)
    const criteria = criteriaOf(type, call.headers['if-none-exist'])
    if (criteria) return createUnlessThere(options, writing, { call, type, content, criteria })
    const [written] = await commit(writing, [createResource(writing, type, content)])
    return writtenAnswer(call.base, written, writing.preference)
  }
}

interface Conditional {
  readonly call: Call
  readonly type: string
  readonly content: Content
  readonly criteria: Parameters
}

function createUnlessThere(options: RestOptions, writing: Writing, { call, type, content, criteria }: Conditional) {
  const { base } = call
  const once = { key: options.pagingKey, criteria: criteriaText(type, criteria) }
  return again(['conflict'], async (tries) => {
    const match = await oneMatch(writing, type, criteria)
    if (match) return foundAnswer(base, match, writing.preference)
    const written = await createOnce(writing, { ...once, tries }, (id) => createResource(writing, type, content, id))
    return writtenAnswer(base, written, writing.preference)
  })
}

/** The creation of a resource under an id of the server's. */
export function createResource(writing: Writing, type: string, content: Content, id = newId()): Prepared {
  const may = mayWrite(writing, 'create', type)
  const given = content.resource.id
  if (given !== undefined) refuseId(writing, type, given)
  return {
    change: {
      operation: { kind: 'put', type, id, text: withId(content.text, id), resource: { ...content.resource, id } },
      may: { create: may },
      isNew: true,
      refuseDangling: writing.rules.references === 'refuse',
    },
    notes: given === undefined ? [] : [ignoredId(type, id)],
  }
}

/** C2 */
function refuseId({ practice }: Writing, type: string, given: unknown) {
  if (practice.dialect.createWithId === 'ignore') return
  const shown = isId(given) ? given : 'id'
  throw new Problem(
    'incorrect',
    `Cannot create ${type} with an id: what has one is updated, with PUT ${type}/${shown}; leave "id" out to create`,
    { expression: `${type}.id`, issue: 'business-rule' },
  )
}

function ignoredId(type: string, id: string) {
  return note('informational', `The id of the body was not used: the resource is ${type}/${id}`, `${type}.id`)
}
