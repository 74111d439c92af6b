import { OAuthProblem } from './oauth-problem.ts'

/** Refuses who asks too often, before anything costly is done for them. Counts are those of this process and minute. */
export interface RequestLimit {
  /** Counts a request of this name; throws when there were more than `most` in the minute. */
  count(name: string, most: number): void
}

const minute = 60_000
const mostNames = 100_000

export function requestLimit(now: () => number): RequestLimit {
  const counts = new Map<string, number>()
  let current = 0
  return {
    count(name, most) {
      const started = Math.floor(now() / minute)
      if (started !== current || counts.size >= mostNames) counts.clear()
      current = started
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      if (count <= most) return
      const retrySeconds = Math.ceil(((started + 1) * minute - now()) / 1000)
      const sentence = `The limit of ${most} requests in a minute is reached: try again in ${retrySeconds} s`
      throw new OAuthProblem('slow_down', sentence, { retrySeconds })
    },
  }
}
