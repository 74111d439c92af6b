import { isId, withId } from '#fhir'
import type { Answer, Call, Parameters } from '#http'
import { Problem, type ProblemKind } from '#lib'
import type { Change } from '#store'
import type { RestOptions } from '../options.ts'
import { idAt, resourceTypeAt } from '../resource-type.ts'
import { again } from '../writing/again.ts'
import { writtenAnswer } from '../writing/answer.ts'
import { commit, type Prepared } from '../writing/commit.ts'
import { type Content, contentOf } from '../writing/content.ts'
import { createOnce } from '../writing/create-once.ts'
import { ifMatchOf, isOnlyNew, requireIfMatch } from '../writing/if-match.ts'
import { criteriaIn, criteriaText, oneMatch } from '../writing/match.ts'
import { mayWrite, openWriting, type Writing } from '../writing/writing.ts'

/** https://hl7.org/fhir/R4/http.html#update */
export function update(options: RestOptions) {
  return async (call: Call): Promise<Answer> => {
    const { headers, practice, path } = call
    const type = resourceTypeAt(practice, path.type ?? '')
    const id = idAt(path.id ?? '')
    const writing = await openWriting(options, call)
    mayWrite(writing, 'update', type)
    const content = contentOf(writing, type, call)
    checkId(type, id, content.resource.id)
    const [ifMatch, isNew] = [ifMatchOf(headers), isOnlyNew(headers)]
    if (!isNew) requireIfMatch(ifMatch, practice.dialect)
    const prepared = updateResource(writing, { type, id, content, ifMatch, isNew })
    const [written] = await commit(writing, [prepared]).catch((error: unknown) => {
      throw isNew ? takenProblem(error, type, id) : absentProblem(error, type, { isAsked: ifMatch !== undefined })
    })
    return writtenAnswer(call.base, written, writing.preference)
  }
}

/** https://hl7.org/fhir/R4/http.html#cond-update */
export function updateWhere(options: RestOptions) {
  return async (call: Call): Promise<Answer> => {
    const type = resourceTypeAt(call.practice, call.path.type ?? '')
    const criteria = criteriaIn(call)
    const writing = await openWriting(options, call)
    mayWrite(writing, 'update', type)
    const content = contentOf(writing, type, call)
    const ifMatch = ifMatchOf(call.headers)
    const asked = { call, type, criteria, content, ifMatch }
    const kinds = kindsOfRaces(asked)
    const [written] = await again(kinds, (tries) => updateMatch(options, writing, asked, tries))
    return writtenAnswer(call.base, written, writing.preference)
  }
}

interface Conditional {
  readonly call: Call
  readonly type: string
  readonly content: Content
  readonly criteria: Parameters
  readonly ifMatch: Change['ifMatch']
}

/** What tells that something came between search and update, rather than that the client is wrong. */
function kindsOfRaces({ ifMatch, content }: Conditional): readonly ProblemKind[] {
  if (ifMatch !== undefined) return []
  return content.resource.id === undefined ? ['stale', 'conflict'] : ['stale']
}

async function updateMatch(options: RestOptions, writing: Writing, asked: Conditional, tries: number) {
  const { call, type, content, criteria, ifMatch } = asked
  const match = await oneMatch(writing, type, criteria)
  const given = content.resource.id
  if (match) {
    requireIfMatch(ifMatch, call.practice.dialect)
    if (given !== undefined) checkId(type, match.id, given)
    const prepared = updateResource(writing, { type, id: match.id, content, ifMatch: ifMatch ?? [match.version] })
    return commit(writing, [prepared])
  }
  if (ifMatch) throw new Problem('stale', `No ${type} meets the criteria, so no version of it matches If-Match`)
  const prepare = (id: string) => updateResource(writing, { type, id, content, isNew: true })
  if (given !== undefined) return commit(writing, [prepare(idAt(String(given)))])
  const once = { key: options.pagingKey, criteria: criteriaText(type, criteria), tries }
  return [await createOnce(writing, once, prepare)] as const
}

export interface Update {
  readonly type: string
  readonly id: string
  readonly content: Content
  readonly ifMatch?: Change['ifMatch'] | undefined
  /** Only where there is nothing. */
  readonly isNew?: boolean
}

/** The update of a resource under its id, or its creation there. */
export function updateResource(writing: Writing, { type, id, content, ifMatch, isNew = false }: Update): Prepared {
  const may = mayWrite(writing, 'update', type)
  const { updateCreates, references } = writing.rules
  if (isNew && !updateCreates) throw noCreation(type)
  // where an update creates nothing, something has to be there
  const wanted = ifMatch ?? (updateCreates ? undefined : 'any')
  return {
    change: {
      operation: { kind: 'put', type, id, text: withId(content.text, id), resource: { ...content.resource, id } },
      // "u" allows to create by update, too: https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
      may: { update: may, create: may },
      isNew,
      refuseDangling: references === 'refuse',
      ...(wanted !== undefined && { ifMatch: wanted }),
    },
  }
}

/** https://hl7.org/fhir/R4/http.html#update: the body says the same id as the address. */
export function checkId(type: string, id: string, given: unknown) {
  if (given === id) return
  const found = isId(given) ? `says ${given}` : given === undefined ? 'has no id' : 'has something else than an id'
  throw new Problem(
    'incorrect',
    `Cannot update ${type}/${id}: the body ${found}, and the id of both has to be the same`,
    {
      expression: `${type}.id`,
      issue: given === undefined ? 'required' : 'value',
    },
  )
}

function noCreation(type: string): Problem {
  return new Problem(
    'not-allowed',
    `There is nothing to update, and PUT creates nothing at this practice: create it with POST ${type}`,
  )
}

/** Of an update without If-Match that has to find something. */
function absentProblem(error: unknown, type: string, { isAsked }: { isAsked: boolean }): unknown {
  return error instanceof Problem && error.kind === 'stale' && !isAsked ? noCreation(type) : error
}

/** Of `If-None-Match: *`. */
function takenProblem(error: unknown, type: string, id: string): unknown {
  if (!(error instanceof Problem) || error.kind !== 'conflict') return error
  return new Problem(
    'stale',
    `${type}/${id} is there already, or was: If-None-Match: * asks for an id that was never used`,
  )
}
