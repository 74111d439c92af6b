import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto'
import { Problem } from '#lib'
import type { Cursor } from '#store'

/** What a paging link holds: the search as it was understood, and where the page starts. Nobody's rights are in it. */
export interface PageStart {
  /** Below the base: `Observation`, `Patient/1/Observation`, or empty for a search across types. */
  readonly path: string
  readonly used: readonly (readonly [name: string, value: string])[]
  readonly cursor: Cursor
}

/** Opaque to clients, bound to the practice, and refused when altered. */
export function pageToken(key: KeyObject, practice: number, { path, used, cursor }: PageStart): string {
  const content = Buffer.from(JSON.stringify([path, used, cursor])).toString('base64url')
  return `${content}.${seal(key, practice, content)}`
}

export function readPageToken(key: KeyObject, practice: number, token: string): PageStart {
  const [content = '', sealed = '', ...rest] = token.split('.')
  if (rest.length > 0 || !isEqual(sealed, seal(key, practice, content))) {
    throw new Problem(
      'incorrect',
      'The page cannot be found: its link was altered, or is not of this practice; search again',
    )
  }
  // The seal says that we wrote it.
  const [path, used, cursor] = JSON.parse(Buffer.from(content, 'base64url').toString())
  return { path, used, cursor }
}

/** The first line names purpose and format, so that links of another format are refused. */
function seal(key: KeyObject, practice: number, content: string): string {
  return createHmac('sha256', key).update(`charthouse page 1\n${practice}\n${content}`).digest('base64url')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
