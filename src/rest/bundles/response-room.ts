import { Problem } from '#lib'

const mostCharacters = 64 * 1024 * 1024

/** What the answers of one Bundle may take together: 5,000 entries may each ask for much. */
export interface ResponseRoom {
  /** To be asked before an entry is answered. */
  refuseWhenFull(): void
  take(answer: string): string
}

export function responseRoom(most = mostCharacters): ResponseRoom {
  let taken = 0
  return {
    refuseWhenFull() {
      if (taken < most) return
      const sentence =
        'The response is full: what the entries before this one ask for is too much; ask in another Bundle'
      throw new Problem('too-costly', sentence)
    },
    take(answer) {
      taken += answer.length
      return answer
    },
  }
}
