import type { Sex } from './sex.ts'

/** The first patients of every sandbox: what can happen to somebody of that age and sex happens to them. */
export interface CastMember {
  readonly sex: Sex
  readonly age: number
  readonly hasDied: boolean
}

export const coverCast: readonly CastMember[] = [
  { sex: 'female', age: 36, hasDied: false },
  { sex: 'male', age: 4, hasDied: false },
  { sex: 'male', age: 76, hasDied: true },
  { sex: 'female', age: 68, hasDied: false },
]

/** Marks the cover in `Patient.meta.tag`, so that stored patients can be found with `_tag`. */
export const coverTag = {
  system: 'urn:charthouse:sandbox',
  code: 'cover',
  display: 'Holds every element of US Core',
} as const
