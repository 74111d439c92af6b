export type Contact = 'same' | 'differs' | 'unknown'

/** Phone numbers by their digits; of a number without area code the last seven. */
export function comparePhones(asked: readonly string[], known: readonly string[]): Contact {
  if (asked.length === 0 || known.length === 0) return 'unknown'
  const isSame = asked.some((one) => known.some((other) => isSamePhone(one, other)))
  return isSame ? 'same' : 'differs'
}

function isSamePhone(one: string, other: string): boolean {
  if (one.length === 7 || other.length === 7) return one.slice(-7) === other.slice(-7)
  return one === other
}

export function compareEmails(asked: readonly string[], known: readonly string[]): Contact {
  if (asked.length === 0 || known.length === 0) return 'unknown'
  return asked.some((email) => known.includes(email)) ? 'same' : 'differs'
}
