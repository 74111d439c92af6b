import { Problem } from '#lib'
import type { Structured } from '../parameters/parameter.ts'

export interface AskedCoding {
  readonly system?: string
  readonly code: string
  readonly display?: string
}

interface Given {
  readonly code: string | undefined
  readonly system: string | undefined
  readonly display: string | undefined
  readonly coding: Structured | undefined
  readonly codeableConcept?: Structured | undefined
}

/** One of code (with its system), coding and codeableConcept. */
export function askedCodings({ code, system, display, coding, codeableConcept }: Given): readonly AskedCoding[] {
  const ways = [code, coding, codeableConcept].filter((way) => way !== undefined)
  if (ways.length !== 1) throw unclear('give one of code (with its system), coding and codeableConcept')
  if (code !== undefined) {
    return [{ code, ...(system !== undefined && { system }), ...(display !== undefined && { display }) }]
  }
  const given: readonly Partial<AskedCoding>[] = coding ? [coding.value] : (codeableConcept?.value.coding ?? [])
  const codings = given.flatMap((each) => (each.code === undefined ? [] : [{ ...each, code: each.code }]))
  if (codings.length === 0) throw unclear('it has no code')
  return codings
}

function unclear(why: string): Problem {
  return new Problem('incorrect', `Cannot tell which code is meant: ${why}`, { expression: 'code' })
}

/** For sentences: `code of system`. */
export function called({ system, code }: AskedCoding): string {
  return system === undefined ? `"${code}"` : `"${code}" of ${system}`
}

/** Displays differ when more than blanks and case do. */
export function isSameDisplay(one: string, other: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim()
  return plain(one) === plain(other)
}
