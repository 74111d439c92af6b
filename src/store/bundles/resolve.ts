import { Problem, type ProblemKind } from '#lib'

/** A search that names one resource: of an `ifNoneExist`, a conditional update or delete, or a conditional reference. */
export interface ConditionalQuery {
  readonly type: string
  /** What stands behind the `?`, still encoded as in a URL. */
  readonly query: string
}

/** Asks the store for all queries at once; each answer is the ids of all that match. */
export type ResolveMany = (queries: readonly ConditionalQuery[]) => Promise<readonly (readonly string[])[]>

/** By `Type?query`: the ids that match, or why it can't be asked. */
export type Answers = ReadonlyMap<string, readonly string[] | Problem>

export async function answersTo(queries: Iterable<string>, resolve: ResolveMany): Promise<Answers> {
  const keys = [...new Set(queries)]
  if (keys.length === 0) return new Map()
  try {
    const answers = await resolve(keys.map(conditionalQuery))
    return new Map(keys.map((key, index) => [key, answers[index] ?? []]))
  } catch (error) {
    if (!(error instanceof Problem) || failures.has(error.kind)) throw error
    const [key = ''] = keys
    if (keys.length === 1) return new Map([[key, error]])
    // One of them can't be asked, such as a search parameter that there is not: each by itself, so that the rest is known.
    const answers = new Map<string, readonly string[] | Problem>()
    for (const one of keys) for (const answer of await answersTo([one], resolve)) answers.set(...answer)
    return answers
  }
}

/** These say nothing of the search. */
const failures: ReadonlySet<ProblemKind> = new Set(['fault', 'unavailable', 'busy'])

export function conditionalQuery(key: string): ConditionalQuery {
  const mark = key.indexOf('?')
  return { type: key.slice(0, mark), query: key.slice(mark + 1) }
}

/** The one id that matches, undefined when none does; several are an error that names them, unless `own` is among them. */
export function oneMatch(key: string, ids: readonly string[] | Problem, own?: string): string | undefined {
  if (ids instanceof Problem) throw ids
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
