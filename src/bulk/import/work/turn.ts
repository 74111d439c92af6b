/**
 * How long a file may be loaded while others wait for the worker: some seconds behind the line where it goes on, or as long
 * as it took to get there, so that each turn gets farther. A source that is silent before that is let go, too: its failure
 * counts, so that it is not waited for again and again.
 */
import type { Database } from '#db'
import { othersWait } from '#jobs'
import { Problem } from '#lib'

export interface Turn extends Disposable {
  /** Aborted when others have their turn. */
  readonly over: AbortSignal
  /** Ends whatever is asked of the source: the turn is over, or the source keeps everybody waiting. */
  readonly source: AbortSignal
  /** Something was loaded that was not before. */
  arrived(): void
  /** The bytes of the source; notes since when it is waited for. */
  watched(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer>
}

export interface TurnTimes {
  readonly leastMs: number
  readonly silentMs: number
  /** Between two looks whether others wait. */
  readonly lookMs: number
}

const usualTimes: TurnTimes = { leastMs: 3000, silentMs: 10_000, lookMs: 500 }

export function turnAmong(others: Pick<Database, 'maybeOne'>, times: TurnTimes = usualTimes): Turn {
  const [over, silence] = [new AbortController(), new AbortController()]
  const began = performance.now()
  let arrivedAt: number | undefined
  let askedAt: number | undefined
  const look = setInterval(async () => {
    const now = performance.now()
    const isLong = arrivedAt !== undefined && now > arrivedAt + Math.max(times.leastMs, arrivedAt - began)
    const isSilent = askedAt !== undefined && now > askedAt + times.silentMs
    if (!(isLong || isSilent) || !(await othersWait(others).catch(() => false))) return
    if (arrivedAt === undefined) silence.abort(silent(times.silentMs))
    else over.abort(new Error('Others have their turn'))
  }, times.lookMs)
  return {
    over: over.signal,
    source: AbortSignal.any([over.signal, silence.signal]),
    arrived() {
      arrivedAt ??= performance.now()
    },
    async *watched(bytes) {
      askedAt = performance.now()
      for await (const chunk of bytes) {
        askedAt = undefined
        yield chunk
        askedAt = performance.now()
      }
      askedAt = undefined
    },
    [Symbol.dispose]: () => clearInterval(look),
  }
}

function silent(ms: number): Problem {
  return new Problem('unavailable', `it sent nothing for ${ms / 1000} s while others waited for their turn`)
}
