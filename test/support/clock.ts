/** The clock of the servers in this process, which a test moves on: what they remember for some seconds is old at once. */
const { now } = Date
let aheadMs = 0
Date.now = () => now() + aheadMs

/** Longer than servers remember what they know of apps and permissions. */
export const keptMs = 5100

export function moveClock(milliseconds: number): void {
  aheadMs += milliseconds
}
