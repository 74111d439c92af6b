/**
 * How long clients wait between polls of an export, or of an import, and what becomes of those who don't.
 *
 * A poll is early when less than half of the time has passed that the one before was told to wait. Sixty early polls of an
 * export are answered as all others, so that a client which polls an export of a minute every second is never refused.
 * From then on an early poll is answered 429, until one has waited; the end of an export is told to everybody at once.
 */
import type { Practice } from '#http'
import { Problem } from '#lib'
import type { Export } from '../export.ts'

const mostEarly = 60
const [leastSeconds, mostSeconds] = [1, 30]

/** A tenth of the time that is left, as far as that can be told; of what waits its turn, of the time it has waited. */
export function secondsToWait({ asOf, created, began, progress }: Export): number {
  const spent = (asOf - (began ?? created)) / 1000
  const left = began !== undefined && progress > 0 ? (spent / progress) * (1 - progress) : spent
  return Math.round(Math.min(mostSeconds, Math.max(leastSeconds, left / 10)))
}

/** The same for who waits until one of them has ended. */
export function secondsToFirst(running: readonly Export[]): number {
  return Math.min(mostSeconds, ...running.map(secondsToWait))
}

/** `Retry-After` in the unit of the practice's dialect (C12). */
export function retryAfter({ dialect }: Pick<Practice, 'dialect'>, seconds: number): number {
  return dialect.export.retryAfterUnit === 'minutes' ? Math.max(1, Math.ceil(seconds / 60)) : seconds
}

/** The number of early polls with this one; throws Problem 'busy' when it is one too many. */
export function countEarly({ asOf, poll }: Pick<Export, 'asOf' | 'poll'>, seconds: number): number {
  const { last, toldSeconds, early } = poll
  const isEarly = last !== undefined && toldSeconds !== undefined && asOf - last < toldSeconds * 500
  if (!isEarly) return early
  if (early < mostEarly) return early + 1
  throw new Problem('busy', `The status is asked for too often: wait ${seconds} s, as Retry-After says`, {
    retryAfterSeconds: seconds,
  })
}
