import { type Parameters, parameters } from '#http'
import type { ConditionalQuery, ResolveMany, Row } from '#store'
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
    async resolve(queries) {
      const answers = new Map<string, readonly Row[]>()
      await atOnce(searchesFor(queries), async (search) => {
        for (const [key, matches] of await searched(writing, search)) answers.set(key, matches)
      })
      for (const row of [...answers.values()].flat()) rows.set(`${row.type}/${row.id}`, row)
      return queries.map((query) => (answers.get(keyOf(query)) ?? []).map(({ id }) => id))
    },
  }
}

type Matches = [key: string, rows: readonly Row[]]

/** One query, or many by an identifier, which are searched together. */
interface Search {
  readonly type: string
  readonly queries: readonly { readonly key: string; readonly criteria: Parameters }[]
}

const mostTogether = 50

function searchesFor(queries: readonly ConditionalQuery[]): readonly Search[] {
  const asked = queries.map((query) => ({ ...query, key: keyOf(query), criteria: parameters(query.query) }))
  const alone = asked.filter(({ criteria }) => !isIdentifier(criteria))
  const together = Map.groupBy(
    asked.filter(({ criteria }) => isIdentifier(criteria)),
    ({ type }) => type,
  )
  return [
    ...alone.map((query) => ({ type: query.type, queries: [query] })),
    ...[...together].flatMap(([type, same]) =>
      Array.from({ length: Math.ceil(same.length / mostTogether) }, (_, part) => ({
        type,
        queries: same.slice(part * mostTogether, (part + 1) * mostTogether),
      })),
    ),
  ]
}

/** `identifier=system|value`, with nothing that a search reads as more than that. */
function isIdentifier(criteria: Parameters): boolean {
  const [[name, value] = ['', '']] = criteria
  return criteria.length === 1 && name === 'identifier' && /^[^|,\\$]+\|[^|,\\$]+$/.test(value)
}

async function searched(writing: Writing, { type, queries }: Search): Promise<Matches[]> {
  const [first] = queries
  if (first && queries.length === 1) return [[first.key, await matchesOf(writing, { type, criteria: first.criteria })]]
  const values = queries.map(({ criteria }) => criteria[0]?.[1] ?? '')
  const most = 2 * queries.length
  const found = await matchesOf(writing, { type, criteria: [['identifier', values.join(',')]], most })
  const byValue = Map.groupBy(
    found.flatMap((row) => identifiersOf(row).map((value) => ({ row, value }))),
    ({ value }) => value,
  )
  const isTold = (row: Row) => identifiersOf(row).some((value) => values.includes(value))
  if (found.length < most && found.every(isTold)) {
    return queries.map(({ key }, index) => [key, (byValue.get(values[index] ?? '') ?? []).map(({ row }) => row)])
  }
  // Some match several, or by a rule of their system: which is which, only the search can tell.
  return atOnce(queries, async ({ key, criteria }) => [key, await matchesOf(writing, { type, criteria })])
}

function identifiersOf({ body }: Row): readonly string[] {
  const { identifier } = JSON.parse(body) as { identifier?: unknown }
  const given = [identifier ?? []].flat() as { system?: unknown; value?: unknown }[]
  return given.map((one) => `${one.system}|${one.value}`)
}

function keyOf({ type, query }: ConditionalQuery): string {
  return `${type}?${query}`
}
