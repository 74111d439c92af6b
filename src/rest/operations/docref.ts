import type { KeyObject } from 'node:crypto'
import { outcome, type Query } from '#fhir'
import type { Parameters } from '#http'
import { Problem } from '#lib'
import type { Row, Store } from '#store'
import { maySearch, searching } from '../interactions/searching.ts'
import { understand } from '../interactions/understand.ts'
import { pagingLinks } from '../pages/paging-links.ts'
import { searchset } from '../pages/searchset.ts'
import { type OperationCall, operation } from './operation.ts'
import type { Moment, Structured } from './parameters/parameter.ts'

/** http://hl7.org/fhir/us/core/OperationDefinition/docref */
export const docref = operation({
  code: 'docref',
  definition: 'http://hl7.org/fhir/us/core/OperationDefinition/docref',
  documentation:
    'The documents of a patient that exist; documents are not generated yet. With start or end those of care within that ' +
    'time (by the period of their context, and after them by their date those that have none), without both the newest of ' +
    'each type. Documents entered in error are left out.',
  on: ['type'],
  resources: ['DocumentReference'],
  affectsState: false,
  parameters: {
    patient: {
      type: 'id',
      min: 1,
      max: 1,
      documentation: 'The id of the patient; the Bundle is empty when there is none',
    },
    start: { type: 'dateTime', min: 0, max: 1, documentation: 'Only documents of care at or after this' },
    end: { type: 'dateTime', min: 0, max: 1, documentation: 'Only documents of care at or before this' },
    type: {
      type: 'CodeableConcept',
      min: 0,
      max: 1,
      documentation: 'Only this type, such as http://loinc.org|34133-9 for a CCD; every type unless given',
    },
    'on-demand': {
      type: 'boolean',
      min: 0,
      max: 1,
      documentation: 'Only documents that are generated on demand: none is, so that true is refused',
    },
    profile: {
      type: 'canonical',
      min: 0,
      max: '*',
      documentation: 'Only documents of a profile: not told apart, so that it is refused',
    },
  },
  out: { return: { type: 'Bundle', min: 1, max: 1, documentation: 'A searchset of DocumentReferences' } },
  examples: [
    'GET DocumentReference/$docref?patient=example&start=2025-01-01',
    'GET DocumentReference/$docref?patient=example&type=http://loinc.org|34133-9',
  ],
  async run(options, call, { patient, start, end, type, 'on-demand': onDemand, profile }) {
    if (onDemand) throw notSupported('on-demand', 'documents are not generated yet, only those that exist can be found')
    if (profile.length > 0) throw notSupported('profile', 'documents are not told apart by profile')
    const searcher = await searching(options, call)
    maySearch(searcher, 'DocumentReference')
    const { see } = searcher
    const wanted: Parameters = [
      ['patient', patient],
      ['status:not', 'entered-in-error'],
      ...(type ? [['type', codesOf(type)] as const] : []),
    ]
    const store = options.storeOf(call.practice)
    const find = (more: Parameters) => understand(call, { types: ['DocumentReference'] }, [...wanted, ...more])
    const found =
      start || end
        ? await inTime((query) => store.search(see, query), find, { start, end })
        : { matches: await store.lastOfEach(see, find([]), { element: 'type', most: 1 }), isCut: false }
    return { body: bundle(options.pagingKey, call, found) }
  },
})

interface FoundDocuments {
  readonly matches: readonly Row[]
  /** There are more than are told. */
  readonly isCut: boolean
}

/** The most documents of an answer, which has one page. */
const mostDocuments = 1000

/** By the period of care, and by their own date those that have none. */
async function inTime(
  search: (query: Query) => ReturnType<Store['search']>,
  find: (more: Parameters) => Query,
  { start, end }: { readonly start: Moment | undefined; readonly end: Moment | undefined },
): Promise<FoundDocuments> {
  const within = (name: string): Parameters => [
    ...(start ? [[name, `ge${start.text}`] as const] : []),
    ...(end ? [[name, `le${end.text}`] as const] : []),
    ['_count', String(mostDocuments)],
  ]
  const pages = [
    await search(find(within('period'))),
    await search(find([['period:missing', 'true'], ...within('date')])),
  ]
  const matches = pages.flatMap((page) => page.matches)
  return { matches, isCut: pages.some(({ next }) => next !== undefined) }
}

function bundle(key: KeyObject, call: OperationCall, { matches, isCut }: FoundDocuments): string {
  const links = pagingLinks(key, call, { path: 'DocumentReference/$docref', used: call.asked, token: undefined }, {})
  const sentence = 'Some documents are left out, because there are too many: ask for less time, or for one type'
  const told = isCut ? outcome('warning', 'incomplete', sentence) : undefined
  const total = isCut ? undefined : matches.length
  return searchset({ base: call.base, links, total, matches, included: [], outcome: told, shape: undefined })
}

/** `a|b,c|d`: any of the codings, with what means something else in a search escaped. */
function codesOf({ value }: Structured): string {
  const codings = (value.coding ?? []) as readonly { readonly system?: string; readonly code?: string }[]
  const escaped = (text: string) => text.replace(/[\\,|$]/g, '\\$&')
  const codes = codings.flatMap(({ system, code }) =>
    code === undefined ? [] : [system === undefined ? escaped(code) : `${escaped(system)}|${escaped(code)}`],
  )
  if (codes.length > 0) return codes.join()
  throw new Problem('incorrect', 'Cannot take the parameter "type": it has no coding with a code', {
    expression: 'type',
  })
}

function notSupported(name: string, why: string): Problem {
  const sentence = `Cannot take the parameter "${name}": ${why}`
  return new Problem('incorrect', sentence, { expression: name, issue: 'not-supported' })
}
