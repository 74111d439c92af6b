import type { Principal } from '#access'

/** What is left of a client's requests. */
export interface Allowance {
  readonly isSpent: boolean
  /** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
  readonly field: string
  readonly resetSeconds: number
}

const windowMs = 60_000

/** Counts the requests of each client at each practice, a minute at a time, in this process. */
export function rateLimit(requestsPerMinute: number, now: () => number = Date.now) {
  const counts = new Map<string, number>()
  let windowEnd = 0
  return ({ practice, client }: Principal): Allowance => {
    const at = now()
    if (at >= windowEnd) {
      counts.clear()
      windowEnd = at + windowMs
    }
    const key = `${practice} ${client}`
    const used = (counts.get(key) ?? 0) + 1
    counts.set(key, used)
    const resetSeconds = Math.ceil((windowEnd - at) / 1000)
    const left = Math.max(0, requestsPerMinute - used)
    return { isSpent: used > requestsPerMinute, field: `"client";r=${left};t=${resetSeconds}`, resetSeconds }
  }
}
