import { refusal, seeAs } from '#access'
import { type Call, type Parameters, parameters } from '#http'
import { Problem } from '#lib'
import type { Row } from '#store'
import { refuseCostly } from '../interactions/search-limits.ts'
import { understand } from '../interactions/understand.ts'
import { onlyOffered } from '../resource-type.ts'
import type { Writing } from './writing.ts'

/** The criteria in the address of a conditional update, patch or delete. */
export function criteriaIn({ parameters: given, method, path }: Call): Parameters {
  const criteria = given.filter(([name]) => name !== '_format' && name !== '_pretty')
  if (criteria.length > 0) return criteria
  const type = path.type ?? ''
  throw new Problem(
    'incorrect',
    `${method} ${type} is without id and criteria: name the resource, as in ${type}/1 or ${type}?identifier=…`,
    {
      issue: 'required',
    },
  )
}

/** The criteria of `If-None-Exist`; undefined without it. https://hl7.org/fhir/R4/http.html#ccreate */
export function criteriaOf(type: string, header: string | readonly string[] | undefined): Parameters | undefined {
  if (header === undefined) return undefined
  const text = String(header).trim()
  const query = [`${type}?`, '?'].find((start) => text.startsWith(start)) ?? ''
  return parameters(text.slice(query.length))
}

/**
 * The one resource that meets the criteria; undefined when there is none.
 * https://hl7.org/fhir/R4/http.html#cond-update
 */
export async function oneMatch(writing: Writing, type: string, criteria: Parameters): Promise<Row | undefined> {
  const matches = await matchesOf(writing, { type, criteria })
  if (matches.length < 2) return matches[0]
  throw new Problem('stale', `The criteria match more than one ${type}: name some that only one has`, {
    issue: 'multiple-matches',
  })
}

interface Wanted {
  readonly type: string
  readonly criteria: Parameters
  /** 2 unless given: enough to know that it is not one. */
  readonly most?: number
}

/**
 * Resources that meet the criteria, searched with the caller's own rights, so that nothing else is
 * matched or told.
 */
export async function matchesOf(writing: Writing, { type, criteria, most = 2 }: Wanted): Promise<readonly Row[]> {
  const { practice, who, access, store } = writing
  const see = onlyOffered(practice, seeAs(who, 'search', access))
  if (!see(type)) throw refusal(who, 'search', type, access)
  refuseCostly(criteria)
  // A criterion that is not known must not be left out, or more would be matched than was meant.
  const strictly = { practice, headers: { prefer: 'handling=strict' } }
  const query = understand(strictly, { types: [type] }, criteria)
  if (query.conditions.get(type)?.length === 0) {
    throw new Problem('incorrect', `The criteria name no search parameter of ${type}, so they would match every one`)
  }
  const few = { ...query, count: most, includes: [], sort: [], elements: [], summary: 'false', total: 'none' } as const
  return (await store.search(see, few)).matches
}

/** One spelling for the same criteria. */
export function criteriaText(type: string, criteria: Parameters): string {
  return JSON.stringify([type, ...criteria.map(([name, value]) => `${name}=${value}`).sort()])
}
