import type { ConditionalQuery, ResolveMany } from '#store'

export interface Remembering {
  readonly resolve: ResolveMany
  /** Waits until what was added before is stored, so that it can be found. */
  flush(): Promise<void>
  /** Whether resources of these types are on their way into the store. */
  holds(types: ReadonlySet<string>): boolean
}

export interface Remembered {
  readonly resolve: ResolveMany
  /** Something of this type was added: what is known of the type holds no longer. */
  changed(type: string): void
}

const mostKept = 50_000

/** The resolver for one run: it finds what the run has added, and asks again only for what may have changed. */
export function remembered({ resolve, flush, holds }: Remembering): Remembered {
  const known = new Map<string, { ids: readonly string[]; changes: number }>()
  const changes = new Map<string, number>()
  const changesOf = (type: string) => changes.get(type) ?? 0

  const recalled = (query: ConditionalQuery) => {
    const answer = known.get(keyOf(query))
    return answer?.changes === changesOf(query.type) ? answer.ids : undefined
  }
  const asked = async (queries: readonly ConditionalQuery[]) => {
    if (!queries.every(isByIdentifier) || holds(new Set(queries.map((query) => query.type)))) await flush()
    const answers = await resolve(queries)
    if (known.size > mostKept) known.clear()
    for (const [index, query] of queries.entries()) {
      const ids = answers[index] ?? []
      if (ids.length > 0 && isByIdentifier(query)) known.set(keyOf(query), { ids, changes: changesOf(query.type) })
    }
    return answers
  }
  return {
    async resolve(queries) {
      const answers = queries.map(recalled)
      const unknown = queries.filter((_, index) => answers[index] === undefined)
      if (unknown.length === 0) return answers.map((ids) => ids ?? [])
      const fresh = [...(await asked(unknown))]
      return answers.map((ids) => ids ?? fresh.shift() ?? [])
    },
    changed: (type) => void changes.set(type, changesOf(type) + 1),
  }
}

/** Such a query hangs on resources of its own type alone; others may follow references. */
function isByIdentifier({ query }: ConditionalQuery): boolean {
  return /^identifier=[^&]*$/.test(query)
}

function keyOf({ type, query }: ConditionalQuery): string {
  return `${type}?${query}`
}
