import type { AddressFact } from './patient-facts.ts'
import { slips } from './slips.ts'

export type Address = 'same' | 'near' | 'area' | 'differs' | 'unknown'

/** The best of all pairs: an address that somebody has left counts as the one they live at. */
export function compareAddresses(asked: readonly AddressFact[], known: readonly AddressFact[]): Address {
  const found = new Set(asked.flatMap((one) => known.map((other) => compared(one, other))))
  return best.find((outcome) => found.has(outcome)) ?? 'unknown'
}

const best = ['same', 'near', 'area', 'differs'] as const

function compared(asked: AddressFact, known: AddressFact): Address {
  const isInArea =
    (asked.postalCode !== '' && asked.postalCode === known.postalCode) ||
    (asked.postalCode === '' || known.postalCode === '' ? asked.city !== '' && asked.city === known.city : false)
  if (asked.line === '' || known.line === '') {
    return isInArea ? 'area' : 'unknown'
  }
  if (asked.line === known.line) return isInArea || asked.city === known.city ? 'same' : 'near'
  const isNear = isPart(asked.line, known.line) || slips(asked.line, known.line, 2) <= 2
  if (isNear && (isInArea || asked.city === known.city)) return 'near'
  return isInArea ? 'area' : 'differs'
}

/** The flat may be left out: "12 main st" of "12 main st apt 4". */
function isPart(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return short.includes(' ') && long.startsWith(`${short} `)
}
