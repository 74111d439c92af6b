import { familyNames, givenNames, namesInOtherScripts, suffixes } from '../facts/names.ts'
import type { Language } from '../facts/places.ts'
import type { Random } from '../random.ts'
import type { Sex } from './sex.ts'

export interface PersonName {
  readonly family: string
  readonly given: readonly string[]
  readonly suffix?: string
  /** The name before marriage. */
  readonly formerFamily?: string
  /** The same name in Latin letters, when the legal one is in another script. */
  readonly latin?: { readonly family: string; readonly given: string }
  readonly text: string
  readonly language: Language
}

export function drawName(random: Random, sex: Sex, number: number, isCast: boolean): PersonName {
  const foreign = isCast || number % 17 !== 0 ? undefined : random.pick(namesInOtherScripts)
  if (foreign) {
    return {
      family: foreign.family,
      given: [foreign.given],
      latin: { family: foreign.latinFamily, given: foreign.latinGiven },
      text: foreign.text,
      language: foreign.language,
    }
  }
  const family = random.pick(familyNames)
  const given = [random.pick(givenNames[sex]), random.pick(givenNames[sex])]
  const suffix = sex === 'male' && (random.chance(0.05) || isCast) ? random.pick(suffixes) : undefined
  const formerFamily = random.pick(familyNames)
  return {
    family,
    given,
    ...(suffix ? { suffix } : {}),
    ...(sex === 'female' && (random.chance(0.25) || isCast) && formerFamily !== family ? { formerFamily } : {}),
    text: [given[0], family, suffix].filter(Boolean).join(' '),
    language: random.chance(0.12) ? 'es' : 'en',
  }
}
