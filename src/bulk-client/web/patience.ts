/** How long to wait before asking again. */
import { setTimeout as sleep } from 'node:timers/promises'

export type Wait = (seconds: number, signal: AbortSignal) => Promise<void>

export const wait: Wait = async (seconds, signal) => {
  await sleep(seconds * 1000, undefined, { signal })
}

/** After the first try. */
export const mostRetries = 5

const mostSeconds = 60
const leastSeconds = 0.2

interface Dated {
  readonly 'retry-after'?: string | undefined
  readonly date?: string | undefined
}

/**
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3: seconds or a date, which is read by the server's own clock.
 * Servers ask for hours at times, or write when they mean in seconds since 1970: nobody waits longer than a minute.
 */
export function retryAfterSeconds(headers: Dated, now: number = Date.now()): number | undefined {
  const text = headers['retry-after']?.trim()
  if (!text) return undefined
  const seconds = Number(text)
  if (!Number.isNaN(seconds)) return seconds < 0 ? undefined : within(seconds)
  const until = Date.parse(text)
  return Number.isNaN(until) ? undefined : within((until - (Date.parse(headers.date ?? '') || now)) / 1000)
}

/** 1, 2, 4 … seconds for the first, second, third time in a row. */
export function backOffSeconds(time: number): number {
  return within(2 ** (time - 1))
}

function within(seconds: number): number {
  return Math.min(mostSeconds, Math.max(leastSeconds, seconds))
}
