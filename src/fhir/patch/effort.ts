import { Problem } from '#lib'

const mostCharacters = 10 * 1024 * 1024
const mostEffort = 100 * 1024 * 1024

/**
 * security.md S-25: each operation of a patch goes through the resource's text, and some make it grow. Refuses a patch
 * that would take too long or make too much; answers the text.
 */
export function effort() {
  let spent = 0
  return (text: string): string => {
    spent += text.length
    if (text.length > mostCharacters) {
      throw new Problem('too-large', 'Cannot apply the patch: it makes the resource larger than this server takes')
    }
    if (spent > mostEffort) {
      throw new Problem('too-costly', 'Cannot apply the patch: it has too many operations for a resource of this size')
    }
    return text
  }
}
