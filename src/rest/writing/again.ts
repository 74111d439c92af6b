import { Problem, type ProblemKind } from '#lib'

const mostTries = 5

/**
 * Does what was decided on what is stored, and decides again when that changed in between, which problems of these kinds
 * tell; after some tries the problem is the answer.
 */
export async function again<T>(kinds: readonly ProblemKind[], attempt: (tries: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(tries)
    } catch (error) {
      const isRetried = error instanceof Problem && kinds.includes(error.kind) && tries < mostTries
      if (!isRetried) throw error
    }
  }
}
