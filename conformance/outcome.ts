import type { KitResult, Titles } from './kit.ts'

/** One test of a run, as it is kept. */
export interface Outcome {
  readonly id: string
  readonly shortId: string
  readonly title: string
  readonly isOptional: boolean
  readonly result: string
  readonly message: string
  /** What the kit calls errors: those of the validator, among others. */
  readonly errors: readonly string[]
  readonly requests: readonly string[]
}

/** Results of tests only: those of groups follow from them. */
export function outcomes(results: readonly KitResult[], titles: Titles): Outcome[] {
  return results.flatMap((each) => {
    if (each.test_id === undefined) return []
    const name = titles.get(each.test_id)
    return [
      {
        id: each.test_id,
        shortId: name?.shortId ?? '',
        title: name?.title ?? '',
        isOptional: each.optional,
        result: each.result,
        message: each.result_message ?? '',
        errors: (each.messages ?? []).filter(({ type }) => type === 'error').map(({ message }) => message),
        requests: each.requests.map(({ verb, url, status }) => `${status} ${verb.toUpperCase()} ${url}`),
      },
    ]
  })
}

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly omitted: number
}

/** An error counts as a failure, and so does all that is neither pass, skip nor omit. */
export function countsOf(all: readonly Outcome[], isOptional: boolean): Counts {
  const these = all.filter((each) => each.isOptional === isOptional).map(({ result }) => result)
  const count = (result: string) => these.filter((each) => each === result).length
  const [passed, skipped, omitted] = [count('pass'), count('skip'), count('omit')]
  return { passed, skipped, omitted, failed: these.length - passed - skipped - omitted }
}

export function isMissed({ result }: Outcome): boolean {
  return result !== 'pass' && result !== 'omit'
}
