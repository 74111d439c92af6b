import type { Principal, See } from '#access'
import type { Answer } from '#http'
import { Problem } from '#lib'
import type { EverythingAsked, EverythingPage } from '#store'
import { maySearch, searching } from '../interactions/searching.ts'
import type { RestOptions } from '../options.ts'
import { pagingLinks } from '../pages/paging-links.ts'
import { searchset } from '../pages/searchset.ts'
import { resourceTypeAt } from '../resource-type.ts'
import { type OperationCall, operation } from './operation.ts'
import { placePath } from './operation-routes.ts'
import type { Moment } from './parameters/parameter.ts'

/** Most records are one page: each further one reads the texts again for what they refer to. */
const [defaultCount, mostCount] = [2000, 5000]

/** https://hl7.org/fhir/R4/patient-operation-everything.html */
export const everything = operation({
  code: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
  documentation:
    'The whole record of a patient: Patient, all that is about the patient, Provenance and Binary that belong to it, and the ' +
    'shared resources to which it refers (Practitioner, Organization, Location, Medication …), each once. Types that the ' +
    'access token does not allow to search are left out. Without an id it is the record of the one patient in context. ' +
    'Pages hold as many resources as _count says, or end earlier where they are large.',
  on: ['type', 'instance'],
  resources: ['Patient'],
  affectsState: false,
  isPaged: true,
  parameters: {
    start: {
      type: 'date',
      min: 0,
      max: 1,
      documentation: 'Only care at or after this date: by the main date of each type; what has no date counts always',
    },
    end: { type: 'date', min: 0, max: 1, documentation: 'Only care at or before this date' },
    _since: {
      type: 'instant',
      min: 0,
      max: 1,
      documentation: 'Only what changed at or after this instant; shared resources come with what refers to them',
    },
    _type: { type: 'code', min: 0, max: '*', documentation: 'Only these resource types' },
    _count: {
      type: 'integer',
      min: 0,
      max: 1,
      documentation: `Resources on a page: ${defaultCount} unless given, ${mostCount} at most`,
    },
  },
  out: {
    return: {
      type: 'Bundle',
      min: 1,
      max: 1,
      documentation: 'A searchset: what is about the patient as matches, the rest as included',
    },
  },
  examples: [
    'GET Patient/example/$everything',
    'GET Patient/$everything?_type=Observation,Condition&start=2025-01-01&_count=500',
  ],
  async run(options, call, given) {
    const { id = onlyPatient(await call.principal) } = call
    const store = options.storeOf(call.practice)
    // Not awaited before the store is asked: token and row are looked up in one statement.
    const known = searching(options, call).then((searcher) => {
      maySearch(searcher, 'Patient')
      return searcher.see
    })
    const see = await seeing(store, known, id)
    const asked: EverythingAsked = {
      patient: id,
      ...(given._type.length > 0 && { types: given._type.map((name) => typeNamed(call, name)) }),
      ...(given._since && { since: given._since.low * 1000 }),
      ...timeOf(given.start, given.end),
      count: countOf(given._count),
    }
    const page = await store.everything(see, asked, call.start?.cursor)
    return answer(options.pagingKey, call, page)
  },
})

function onlyPatient({ patients }: Principal): string {
  const [id, ...others] = patients
  if (id !== undefined && others.length === 0) return id
  const sentence = `Cannot tell whose record is meant: the access token names ${patients.length || 'no'} patients; ask for Patient/{id}/$everything`
  throw new Problem('incorrect', sentence)
}

/** The decision, once it is known that the patient is one who may be seen. */
async function seeing(store: ReturnType<RestOptions['storeOf']>, known: Promise<See>, id: string): Promise<See> {
  const { state } = await store.read(known, 'Patient', id)
  if (state === 'none') throw new Problem('not-found', `Patient/${id} is not known`)
  if (state === 'deleted') throw new Problem('gone', `Patient/${id} was deleted`)
  return known
}

function typeNamed({ practice }: OperationCall, name: string): string {
  try {
    return resourceTypeAt(practice, name)
  } catch (cause) {
    const sentence = `Cannot take the parameter "_type": ${(cause as Problem).message}`
    throw new Problem('incorrect', sentence, { expression: '_type', cause })
  }
}

function timeOf(start: Moment | undefined, end: Moment | undefined): Pick<EverythingAsked, 'low' | 'high'> {
  if (start && end && end.high <= start.low) {
    const sentence = `Cannot take the parameter "end": ${end.text} is before the start, ${start.text}`
    throw new Problem('incorrect', sentence, { expression: 'end' })
  }
  return { ...(start && { low: start.low }), ...(end && { high: end.high }) }
}

function countOf(asked: number = defaultCount): number {
  if (asked >= 1) return Math.min(asked, mostCount)
  throw new Problem(
    'incorrect',
    `Cannot take the parameter "_count": a page holds at least one resource, not ${asked}`,
    {
      expression: '_count',
    },
  )
}

function answer(
  key: RestOptions['pagingKey'],
  call: OperationCall,
  { matches, included, next }: EverythingPage,
): Answer {
  const place = { path: placePath(everything, call), used: call.asked, token: call.start?.token }
  const isWhole = !call.start && !next
  const links = pagingLinks(key, call, place, next ? { next } : {})
  const total = isWhole ? matches.length : undefined
  return { body: searchset({ base: call.base, links, total, matches, included, outcome: undefined, shape: undefined }) }
}
