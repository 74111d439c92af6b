import { OAuthProblem } from '../oauth/oauth-problem.ts'

/** Refuses who asks too often, before anything costly is done for them. Counts are those of this process and minute. */
export interface RequestLimit {
  /** Throws when more than `most` of this name were counted in the minute. */
  check(name: string, most: number): void
  /** Counts one, then checks. */
  count(name: string, most: number): void
}

const minute = 60_000
const mostNames = 100_000

export function requestLimit(now: () => number): RequestLimit {
  const counts = new Map<string, number>()
  let current = 0

  function startMinute() {
    const minutes = Math.floor(now() / minute)
    if (minutes !== current || counts.size >= mostNames) counts.clear()
    current = minutes
  }

  function check(name: string, most: number) {
    startMinute()
    if ((counts.get(name) ?? 0) <= most) return
    const retrySeconds = Math.ceil(((current + 1) * minute - now()) / 1000)
    const sentence = `The limit of ${most} requests in a minute is reached: try again in ${retrySeconds} s`
    throw new OAuthProblem('slow_down', sentence, { retrySeconds })
  }

  return {
    check,
    count(name, most) {
      startMinute()
      counts.set(name, (counts.get(name) ?? 0) + 1)
      check(name, most)
    },
  }
}
