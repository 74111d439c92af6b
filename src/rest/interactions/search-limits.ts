import type { Parameters } from '#http'
import { Problem } from '#lib'

/** What one search may ask for: a form of 5 MB holds more than anybody means, and every value costs. */
const mostParameters = 100
const mostValues = 5000
/** Longer than the longest chain that is followed. */
const longestName = 1000

/** security.md S-25 */
export function refuseCostly(asked: Parameters) {
  if (asked.length > mostParameters) {
    throw tooCostly(`it has ${asked.length} parameters, and at most ${mostParameters} are read`)
  }
  if (asked.some(([name]) => name.length > longestName)) {
    throw tooCostly(`the name of a parameter has more than ${longestName} characters`)
  }
  const values = asked.reduce((sum, [, value]) => sum + countOf(',', value), asked.length)
  if (values > mostValues) throw tooCostly(`it has ${values} values, and at most ${mostValues} are read`)
}

function tooCostly(why: string): Problem {
  return new Problem('too-costly', `Cannot search for so much at once: ${why}`)
}

function countOf(character: string, text: string): number {
  let count = 0
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++
  return count
}
