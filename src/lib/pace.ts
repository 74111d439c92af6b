import { setTimeout as sleep } from 'node:timers/promises'

/** Lets work in the background step back while many are served by the same process. */
export interface Pace {
  /** Somebody is served now. */
  met(): void
  /** Called every some milliseconds of work: waits about as long, where many were served a moment ago. */
  stepBack(): Promise<void> | undefined
}

const momentMs = 200
/** Of a moment; a client that polls, or loads a file, is not many. */
const many = 20
const pauseMs = 4

export function newPace(
  now: () => number = performance.now.bind(performance),
  pause: (milliseconds: number) => Promise<void> = sleep,
): Pace {
  let [began, met, metBefore] = [now(), 0, 0]
  function turn() {
    const passed = now() - began
    if (passed < momentMs) return
    metBefore = passed < 2 * momentMs ? met : 0
    met = 0
    began = now()
  }
  return {
    met() {
      turn()
      met++
    },
    stepBack() {
      turn()
      return Math.max(met, metBefore) < many ? undefined : pause(pauseMs)
    },
  }
}
