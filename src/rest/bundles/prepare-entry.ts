import type { Answer } from '#http'
import { Problem } from '#lib'
import type { Entry, EntryPlan, WriteOperation } from '#store'
import { createResource } from '../interactions/create.ts'
import { deleteResource } from '../interactions/delete.ts'
import { checkId, updateResource } from '../interactions/update.ts'
import { resourceTypeAt } from '../resource-type.ts'
import { foundAnswer, writtenAnswer } from '../writing/answer.ts'
import { absent, type Prepared, type Written } from '../writing/commit.ts'
import { type Content, checkContent } from '../writing/content.ts'
import { requireIfMatch, versionsIn } from '../writing/if-match.ts'
import type { Preference } from '../writing/preference.ts'
import { mayWrite, type Writing } from '../writing/writing.ts'
import type { EntryMatches } from './entry-matches.ts'

/** What is to be done for an entry, and what is told of it afterwards. */
export interface Step {
  readonly index: number
  /** Undefined: nothing has to be written. */
  readonly prepared?: Prepared
  /** Criteria decide whether it creates. */
  readonly isConditional?: boolean
  answer(written: ReadonlyMap<string, Written>, preference: Preference): Answer
}

type Put = Extract<WriteOperation, { kind: 'put' }>

export function prepareEntry(writing: Writing, plan: EntryPlan, matches: EntryMatches): Step {
  const { entry } = plan
  if (plan.state === 'fails') throw plan.problem
  if (plan.state === 'waits') {
    throw new Problem('incorrect', `Cannot resolve "${plan.queries[0]}": nothing matches it`, { issue: 'not-found' })
  }
  if (plan.state === 'nothing') return unwritten(writing, plan, matches)
  const { operation } = plan
  resourceTypeAt(writing.practice, operation.type)
  if (operation.kind === 'put') return writtenStep(writing, entry, preparePut(writing, entry, operation, matches))
  const match = entry.url.includes('?') ? matches.found(`${operation.type}/${operation.id}`) : undefined
  const ifMatch = ifMatchOf(entry) ?? (match && [match.version])
  return writtenStep(writing, entry, deleteResource(writing, operation.type, operation.id, ifMatch))
}

function preparePut(
  writing: Writing,
  entry: Entry,
  { type, id, text, resource }: Put,
  matches: EntryMatches,
): Prepared {
  const given = entry.resource?.parsed.id
  const content: Content = { text, resource: resource as Content['resource'] }
  checkContent(writing, content)
  if (entry.method === 'POST') {
    // with the id that was given, so that it is told that another is used
    return createResource(writing, type, { text, resource: { ...resource, id: given } }, id)
  }
  const ifMatch = ifMatchOf(entry)
  if (!entry.url.includes('?')) {
    checkId(type, id, given)
    requireIfMatch(ifMatch, writing.practice.dialect)
    return updateResource(writing, { type, id, content, ifMatch })
  }
  const match = matches.found(`${type}/${id}`)
  if (match) {
    requireIfMatch(ifMatch, writing.practice.dialect)
    if (given !== undefined) checkId(type, id, given)
    return updateResource(writing, { type, id, content, ifMatch: ifMatch ?? [match.version] })
  }
  if (!ifMatch) return updateResource(writing, { type, id, content, isNew: true })
  throw new Problem('stale', `No ${type} meets the criteria, so no version of it matches If-Match`)
}

function ifMatchOf({ ifMatch }: Entry) {
  return ifMatch === undefined ? undefined : versionsIn(ifMatch)
}

function writtenStep({ base }: Writing, { index, method, url, ifNoneExist }: Entry, prepared: Prepared): Step {
  const address = addressOf(prepared)
  const { type, id } = prepared.change.operation
  return {
    index,
    prepared,
    isConditional: ifNoneExist !== undefined || (method === 'PUT' && url.includes('?')),
    answer: (written, preference) => writtenAnswer(base, written.get(address) ?? absent(type, id), preference),
  }
}

/** A create that finds what it would make, here or made by an entry before it; a deletion that finds nothing. */
function unwritten(
  writing: Writing,
  { entry, type, id }: Extract<EntryPlan, { state: 'nothing' }>,
  matches: EntryMatches,
): Step {
  mayWrite(writing, id === undefined ? 'delete' : 'create', type)
  const { index } = entry
  if (id === undefined)
    return { index, answer: (_, preference) => writtenAnswer(writing.base, absent(type, ''), preference) }
  const match = matches.found(`${type}/${id}`)
  return {
    index,
    answer(written, preference) {
      if (match) return foundAnswer(writing.base, match, preference)
      const made = written.get(`${type}/${id}`) ?? absent(type, id)
      return writtenAnswer(writing.base, { ...made, result: { ...made.result, outcome: 'unchanged' } }, preference)
    },
  }
}

export function addressOf({ change: { operation } }: Prepared): string {
  return `${operation.type}/${operation.id}`
}
