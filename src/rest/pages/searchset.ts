import type { OperationOutcome } from '#fhir'
import type { Row } from '#store'
import type { Shape } from '../interactions/elements.ts'

export interface Searchset {
  /** URL of the FHIR base that was called. */
  readonly base: string
  readonly links: readonly { readonly relation: string; readonly url: string }[]
  readonly total: number | undefined
  readonly matches: readonly Row[]
  readonly included: readonly Row[]
  /** What else there is to say of the search. */
  readonly outcome: OperationOutcome | undefined
  readonly shape: Shape | undefined
}

/**
 * The Bundle of a search, put together as text: what is stored goes out to the letter and is never parsed.
 * https://hl7.org/fhir/R4/bundle.html#searchset
 */
export function searchset({ base, links, total, matches, included, outcome, shape }: Searchset): string {
  const start = `{"fullUrl":"${JSON.stringify(base).slice(1, -1)}/`
  let entries = ''
  for (const row of matches) entries += `${entry(start, row, shape)},"search":{"mode":"match"}},`
  for (const row of included) entries += `${entry(start, row, shape)},"search":{"mode":"include"}},`
  if (outcome) entries += `{"resource":${JSON.stringify(outcome)},"search":{"mode":"outcome"}},`
  const head = `{"resourceType":"Bundle","type":"searchset"${total === undefined ? '' : `,"total":${total}`}`
  const tail = entries === '' ? '' : `,"entry":[${entries.slice(0, -1)}]`
  return `${head},"link":${JSON.stringify(links)}${tail}}`
}

function entry(start: string, { type, id, body }: Row, shape: Shape | undefined): string {
  return `${start}${type}/${id}","resource":${shape ? shape(type, body) : body}`
}
