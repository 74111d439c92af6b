import { parameters } from '#http'
import type { ResolveMany, Row } from '#store'
import { matchesOf } from '../writing/match.ts'
import type { Writing } from '../writing/writing.ts'
import { atOnce } from './at-once.ts'

/** The searches of a transaction: of conditional creates, updates and deletes, and of conditional references. */
export interface EntryMatches {
  readonly resolve: ResolveMany
  /** What a search has found under `Type/id`, as it was then. */
  found(address: string): Row | undefined
}

/** Each search with the caller's own rights, so that nothing else is matched or named. */
export function matchesFor(writing: Writing): EntryMatches {
  const rows = new Map<string, Row>()
  return {
    found: (address) => rows.get(address),
    resolve: (queries) =>
      atOnce(queries, async ({ type, query }) => {
        const matches = await matchesOf(writing, type, parameters(query))
        for (const row of matches) rows.set(`${row.type}/${row.id}`, row)
        return matches.map(({ id }) => id)
      }),
  }
}
