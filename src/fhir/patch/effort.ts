import { Problem } from '#lib'

const mostCharacters = 10 * 1024 * 1024
const mostEffort = 100 * 1024 * 1024

/**
 * security.md S-25: each operation of a patch goes through the resource's text, and some make it grow. Refuses a patch
 * that would take too long or make too much; answers the text.
 */
export function effort(): Effort {
  let spent = 0
  function look(characters: number) {
    spent += characters
    if (spent > mostEffort) {
      throw new Problem('too-costly', 'Cannot apply the patch: it has too many operations for a resource of this size')
    }
  }
  return {
    look,
    spend(text) {
      if (text.length > mostCharacters) {
        throw new Problem('too-large', 'Cannot apply the patch: it makes the resource larger than this server takes')
      }
      look(text.length)
      return text
    },
  }
}

export interface Effort {
  /** So many characters are looked through. */
  look(characters: number): void
  /** The text after an operation. */
  spend(text: string): string
}
