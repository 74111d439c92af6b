import type { KeyObject } from 'node:crypto'
import type { Call, Parameters } from '#http'
import type { Cursor, Page } from '#store'
import { pageToken } from './page-token.ts'

export interface Link {
  readonly relation: 'self' | 'first' | 'previous' | 'next'
  readonly url: string
}

export interface Place {
  /** Below the base: `Observation`, `Patient/1/Observation`, or empty. */
  readonly path: string
  /** The search as it was understood. */
  readonly used: Parameters
  /** The page token that was called; undefined on the first page. */
  readonly token: string | undefined
}

/** https://hl7.org/fhir/R4/http.html#paging */
export function pagingLinks(
  key: KeyObject,
  call: Call,
  { path, used, token }: Place,
  page: Pick<Page, 'next' | 'previous'>,
): readonly Link[] {
  const url = path === '' ? call.base : `${call.base}/${path}`
  // The format that was asked for in the URL is asked for again.
  const format = call.parameters.filter(([name]) => name === '_format' || name === '_pretty')
  const first = withQuery(url, [...used, ...format])
  const at = (cursor: Cursor) =>
    withQuery(url, [['_page', pageToken(key, call.practice.number, { path, used, cursor })], ...format])
  return [
    { relation: 'self', url: token === undefined ? first : withQuery(url, [['_page', token], ...format]) },
    ...(page.next || token !== undefined ? [{ relation: 'first', url: first } as const] : []),
    ...(page.previous ? [{ relation: 'previous', url: at(page.previous) } as const] : []),
    ...(page.next ? [{ relation: 'next', url: at(page.next) } as const] : []),
  ]
}

function withQuery(url: string, parameters: Parameters): string {
  if (parameters.length === 0) return url
  return `${url}?${parameters.map(([name, value]) => `${escaped(name)}=${escaped(value)}`).join('&')}`
}

/** Percent-encodes; what RFC 3986 allows in a query stays readable. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|2F|3A|24|40)/g, decodeURIComponent)
}
