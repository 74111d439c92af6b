import { Problem } from '#lib'

/** A search that names one resource: of an `ifNoneExist`, a conditional update or delete, or a conditional reference. */
export interface ConditionalQuery {
  readonly type: string
  /** What stands behind the `?`, still encoded as in a URL. */
  readonly query: string
}

/** Asks the store for all queries at once; each answer is the ids of all that match. */
export type ResolveMany = (queries: readonly ConditionalQuery[]) => Promise<readonly (readonly string[])[]>

/** Answers by `Type?query`, of as many queries as are asked. */
export type Answers = ReadonlyMap<string, readonly string[]>

export async function answersTo(queries: Iterable<string>, resolve: ResolveMany): Promise<Answers> {
  const keys = [...new Set(queries)]
  if (keys.length === 0) return new Map()
  const answers = await resolve(keys.map(conditionalQuery))
  return new Map(keys.map((key, index) => [key, answers[index] ?? []]))
}

export function conditionalQuery(key: string): ConditionalQuery {
  const mark = key.indexOf('?')
  return { type: key.slice(0, mark), query: key.slice(mark + 1) }
}

/** The one id that matches, undefined when none does; several are an error that names them, unless `own` is among them. */
export function oneMatch(key: string, ids: readonly string[], own?: string): string | undefined {
  const distinct = [...new Set(ids)]
  if (distinct.length <= 1) return distinct[0]
  if (own !== undefined && distinct.includes(own)) return own
  const { type } = conditionalQuery(key)
  const named = distinct.slice(0, 5).map((id) => `${type}/${id}`)
  const rest = distinct.length > 5 ? ` and ${distinct.length - 5} more` : ''
  throw new Problem('incorrect', `Cannot resolve "${key}": it matches ${distinct.length}, ${named.join(', ')}${rest}`, {
    issue: 'multiple-matches',
  })
}
