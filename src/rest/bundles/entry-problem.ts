import { Problem } from '#lib'

/** What is wrong with an entry of a transaction is wrong with all of it: told with the entry's place. */
export function entryProblem(index: number, problem: Problem): Problem {
  const place = `Bundle.entry[${index}]`
  const sentence = `${place}: ${problem.message}; nothing of the transaction is done`
  return new Problem(kindOf(problem), sentence, {
    cause: problem,
    expression: problem.expression.length === 0 ? place : problem.expression.map((path) => within(place, path)),
    parts: problem.parts.map((part) => ({ ...part, expression: within(place, part.expression) })),
    ...(problem.issue !== undefined && { issue: problem.issue }),
  })
}

/** Does something for an entry, whose place a failure names. */
export function forEntry<T>(index: number, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw error instanceof Problem ? entryProblem(index, error) : error
  }
}

/** Where criteria match several, nothing is wrong with the request as such. */
function kindOf({ kind, issue }: Problem): Problem['kind'] {
  return issue === 'multiple-matches' ? 'stale' : kind
}

/** `Patient.birthDate` is `Bundle.entry[3].resource.birthDate`; what is no path in a resource stands for the entry. */
function within(place: string, path: string): string {
  if (path.startsWith(place)) return path
  return /^[A-Z]\w*\./.test(path) ? `${place}.resource${path.slice(path.indexOf('.'))}` : place
}
