import type { PatientFacts } from './patient-facts.ts'

export type Death = 'agrees' | 'contradicts' | 'unknown'

/** Two dates of death contradict each other, and so do a death and "not deceased"; what is not said is no evidence. */
export function compareDeaths(asked: PatientFacts['deceased'], known: PatientFacts['deceased']): Death {
  if (asked === undefined) return 'unknown'
  const wasAsked = asked !== false
  const isKnown = known !== undefined && known !== false
  if (!wasAsked) return isKnown ? 'contradicts' : 'unknown'
  if (!isKnown) return 'unknown'
  if (typeof asked !== 'string' || typeof known !== 'string') return 'agrees'
  return asked.slice(0, 7) === known.slice(0, 7) ? 'agrees' : 'contradicts'
}
