import type { KeyObject } from 'node:crypto'
import type { Call, Parameters } from '#http'
import { Problem } from '#lib'
import type { Cursor } from '#store'
import { readPageToken } from './page-token.ts'

export interface Start {
  /** What was asked for, also by the first page of what a link continues; without the format. */
  readonly asked: Parameters
  /** Where the page starts; undefined: at the beginning. */
  readonly cursor: Cursor | undefined
  /** The page token that was called; undefined on the first page. */
  readonly token: string | undefined
}

/** Of a paging link what it continues, else what was asked for; `path` is the address below the base. */
export function pageStart(key: KeyObject, call: Call, path: string): Start {
  const token = call.parameters.find(([name]) => name === '_page')?.[1]
  const asked = call.parameters.filter(([name]) => name !== '_format' && name !== '_pretty')
  if (token === undefined) return { asked, cursor: undefined, token }
  const start = readPageToken(key, call.practice.number, token)
  const [stranger] = asked.filter(([name]) => name !== '_page')
  if (start.path !== path || stranger) {
    throw new Problem(
      'incorrect',
      'The page cannot be found: a paging link is used as it was given, without other parameters',
    )
  }
  return { asked: start.used, cursor: start.cursor, token }
}
