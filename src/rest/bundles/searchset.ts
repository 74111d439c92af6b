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
  const { beforeName, afterName, after } = entryTexts(base)
  let entries = ''
  const entry = ({ type, id, body }: Row) => `${beforeName}${type}/${id}${afterName}${shape ? shape(type, body) : body}`
  for (const row of matches) entries += entry(row) + after.match
  for (const row of included) entries += entry(row) + after.include
  if (outcome) entries += `{"resource":${JSON.stringify(outcome)},"search":{"mode":"outcome"}},`
  return searchsetText(links, total, entries)
}

/** What stands around a resource in a Bundle. */
export function entryTexts(base: string) {
  return {
    beforeName: `{"fullUrl":"${JSON.stringify(base).slice(1, -1)}/`,
    afterName: '","resource":',
    after: { match: ',"search":{"mode":"match"}},', include: ',"search":{"mode":"include"}},' },
  }
}

/** A Bundle of entries that each have a comma behind them. */
export function searchsetText(links: Searchset['links'], total: number | undefined, entries: string): string {
  const head = `{"resourceType":"Bundle","type":"searchset"${total === undefined ? '' : `,"total":${total}`}`
  const tail = entries === '' ? '' : `,"entry":[${entries.slice(0, -1)}]`
  return `${head},"link":${JSON.stringify(links)}${tail}}`
}
