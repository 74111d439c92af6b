import { stringEnd } from '#fhir'
import { Problem } from '#lib'

/** security.md part 5 */
const maxDepth = 64

/** Refuses JSON text nested deeper than `maxDepth`, before anything recursive sees it. */
export function checkDepth(text: string) {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0x22) at = stringEnd(text, at) - 1
    else if (code === 0x7b || code === 0x5b) depth++
    else if (code === 0x7d || code === 0x5d) depth--
    if (depth > maxDepth) {
      const sentence = `The body is nested too deep: at most ${maxDepth} levels are read`
      throw new Problem('incorrect', sentence, { issue: 'structure' })
    }
  }
}
