/** The clock of the servers in this process, which a test moves on: what they remember for some seconds is old at once. */
const { now } = Date
let aheadMs = 0
let stoodAt: number | undefined
Date.now = () => (stoodAt ?? now()) + aheadMs

/** Longer than servers remember what they know of apps and permissions. */
export const keptMs = 5100

export function moveClock(milliseconds: number): void {
  aheadMs += milliseconds
}

/** Until it is disposed of the clock stands but for moves: what is remembered grows no older, however long a test takes. */
export function stopClock(): Disposable {
  stoodAt = now()
  return {
    [Symbol.dispose]() {
      stoodAt = undefined
    },
  }
}
