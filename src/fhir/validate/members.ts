import type { ElementRule } from '../definitions/structures.ts'
import { jsonNameOf } from '../definitions/structures.ts'
import { type Check, quoted, type Walk } from './walk.ts'

/** What may stand under one name of a JSON object. */
export interface Member {
  /** The step of a path that leads here: `value.ofType(Quantity)`, also for `_birthDate` the name of its element. */
  readonly label: string
  /** Marks the element among those that must be there or that are choices; 0 for the others. */
  readonly bit: number
  readonly isChoice: boolean
  check(value: unknown, walk: Walk, owner: Readonly<Record<string, unknown>>): void
}

export interface TypeCheck {
  readonly check: Check
  /** Primitive values may have extensions beside them, under `_name`. */
  readonly hasCompanion: boolean
}

/** The members that an element can be in JSON: one for each type of a choice, and the companions of primitives. */
export function membersOf(
  element: ElementRule,
  bit: number,
  checkOf: (type: string, codes?: string) => TypeCheck,
): readonly (readonly [key: string, member: Member])[] {
  return element.types.flatMap((type) => {
    const { check, hasCompanion } = checkOf(type, element.codes)
    const key = jsonNameOf(element, type)
    const label = element.isChoice ? `${element.name}.ofType(${type})` : element.name
    const common = { label, bit, isChoice: element.isChoice }
    const own: Member = {
      ...common,
      check: element.isArray ? arrayCheck(check, hasCompanion ? `_${key}` : '') : oneCheck(check),
    }
    if (!hasCompanion) return [[key, own] as const]
    const { check: companion } = checkOf('Element')
    const beside: Member = { ...common, check: element.isArray ? companionsCheck(companion) : oneCheck(companion) }
    return [[key, own] as const, [`_${key}`, beside] as const]
  })
}

function oneCheck(check: Check): Member['check'] {
  return (value, walk) => {
    if (Array.isArray(value)) walk.fault('structure', 'an array stands where one value may be')
    else check(value, walk)
  }
}

function arrayCheck(check: Check, companionKey: string): Member['check'] {
  return (value, walk, owner) => {
    if (!isFilledArray(value, walk)) return
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index]
      if (item === null && companionKey !== '' && hasItem(owner[companionKey], index)) continue
      walk.enter(index)
      check(item, walk)
      walk.leave()
    }
  }
}

/** `_given: [null, {…}]`: null where the value beside it has no extensions. */
function companionsCheck(check: Check): Member['check'] {
  return (value, walk) => {
    if (!isFilledArray(value, walk)) return
    for (const [index, item] of value.entries()) {
      if (item === null) continue
      walk.enter(index)
      check(item, walk)
      walk.leave()
    }
  }
}

function isFilledArray(value: unknown, walk: Walk): value is readonly unknown[] {
  if (!Array.isArray(value))
    walk.fault('structure', `${quoted(value)} is no array, as an element that may repeat must be`)
  else if (value.length === 0) walk.fault('structure', 'the array is empty')
  return Array.isArray(value)
}

function hasItem(companion: unknown, index: number): boolean {
  return Array.isArray(companion) && typeof companion[index] === 'object' && companion[index] !== null
}
