import { slips } from './slips.ts'

export type BirthDate = 'same' | 'swapped' | 'slip' | 'near' | 'part' | 'differs' | 'unknown'

/**
 * Day and month may be exchanged, one digit wrong or two neighbours exchanged (a slip), or one of year, month and day
 * another (near); the shorter of two may be part of the longer.
 */
export function compareBirthDates(asked: string | undefined, known: string | undefined): BirthDate {
  if (asked === undefined || known === undefined) return 'unknown'
  if (asked === known) return asked.length === 10 ? 'same' : 'part'
  if (asked.length !== known.length) return asked.startsWith(known) || known.startsWith(asked) ? 'part' : 'differs'
  if (asked.length < 10) return 'differs'
  if (swapped(asked) === known) return 'swapped'
  if (slips(digits(asked), digits(known), 1) === 1) return 'slip'
  const parts = known.split('-')
  return asked.split('-').filter((part, at) => part === parts[at]).length === 2 ? 'near' : 'differs'
}

function swapped(date: string): string {
  const [year, month, day] = date.split('-')
  return `${year}-${day}-${month}`
}

function digits(date: string): string {
  return date.replaceAll('-', '')
}
