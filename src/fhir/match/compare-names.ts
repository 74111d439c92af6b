import { isNickname } from './nicknames.ts'
import type { NameFact } from './patient-facts.ts'
import { isSlip } from './slips.ts'

export type Family = 'same' | 'slip' | 'part' | 'differs' | 'unknown'
export type Given = 'same' | 'nickname' | 'slip' | 'initial' | 'differs' | 'unknown'
export type Middle = 'same' | 'initial' | 'differs' | 'unknown'

export interface NameComparison {
  readonly family: Family
  readonly given: Given
  readonly middle: Middle
  /** Family and given name stood in each other's place. */
  readonly isSwapped: boolean
  /** "Jr." against "Sr." */
  readonly isOfAnotherGeneration: boolean
}

/** The name as asked against a name on record, and the same with family and given name exchanged. */
export function compareNames(asked: NameFact, known: NameFact): readonly NameComparison[] {
  const [first = '', ...others] = asked.given
  const exchanged = { ...asked, family: first, given: [asked.family, ...others] }
  return [compared(asked, known), { ...compared(exchanged, known), isSwapped: true }]
}

function compared(asked: NameFact, known: NameFact): NameComparison {
  return {
    family: compareFamilies(asked.family, known.family),
    given: compareGiven(asked.given, known.given),
    middle: compareMiddle(asked.given.slice(1), known.given.slice(1)),
    isSwapped: false,
    isOfAnotherGeneration:
      asked.generation !== undefined && known.generation !== undefined && asked.generation !== known.generation,
  }
}

function compareFamilies(asked: string, known: string): Family {
  if (asked === '' || known === '') return 'unknown'
  if (asked === known) return 'same'
  if (isSlip(asked, known)) return 'slip'
  // one half of a double name, such as García of García López
  const [short, long] = asked.length < known.length ? [asked, known] : [known, asked]
  return short.length >= 4 && (long.startsWith(short) || long.endsWith(short)) ? 'part' : 'differs'
}

function compareGiven([asked, next = '']: readonly string[], known: readonly string[]): Given {
  const [first, second = ''] = known
  if (asked === undefined || first === undefined) return 'unknown'
  // "Mary Ann" and "Maryann"
  if (asked === first || asked === first + second || asked + next === first) return 'same'
  // called by the middle name
  if (known.includes(asked) || isNickname(asked, first)) return 'nickname'
  if (known.some((name) => isSlip(asked, name))) return 'slip'
  if (asked.length === 1 || first.length === 1) return asked[0] === first[0] ? 'initial' : 'differs'
  return 'differs'
}

function compareMiddle([asked]: readonly string[], [known]: readonly string[]): Middle {
  if (asked === undefined || known === undefined) return 'unknown'
  if (asked === known || isSlip(asked, known)) return 'same'
  if (asked.length === 1 || known.length === 1) return asked[0] === known[0] ? 'initial' : 'differs'
  return 'differs'
}
