import type { Dialect } from '#dialects'
import { Problem } from '#lib'

/** One setting of a practice: how its text is read, what it is before anybody sets it, and what it is for. */
export interface Setting<Value> {
  readonly parse: (text: string) => Value
  readonly initial: Value | ((dialect: Dialect) => Value)
  /** What may be written, for refusals and the docs. */
  readonly allowed: string
  readonly about: string
}

/** A function that reads a text, or undefined where the text is not allowed. */
type Read<Value> = (text: string) => Value | undefined

interface Described<Value> {
  readonly initial: Value | ((dialect: Dialect) => Value)
  readonly about: string
}

export function setting<Value>(
  allowed: string,
  read: Read<NonNullable<Value>>,
  rest: Described<Value>,
): Setting<Value> {
  return { ...rest, allowed, parse: (text) => readOrRefuse(text, allowed, read) }
}

/** As `setting`, but an empty text unsets it. */
export function optional<Value>(
  allowed: string,
  read: Read<NonNullable<Value>>,
  about: string,
): Setting<Value | undefined> {
  const parse = (text: string) => (text === '' ? undefined : readOrRefuse(text, allowed, read))
  return { initial: undefined, about, allowed: `${allowed}, or nothing`, parse }
}

export function oneOf<const Value extends string>(values: readonly Value[], rest: Described<Value>): Setting<Value> {
  return setting<Value>(values.join(', '), (text) => values.find((value) => value === text), rest)
}

export function switched(rest: Described<boolean>): Setting<boolean> {
  return setting('on, off', (text) => (text === 'on' ? true : text === 'off' ? false : undefined), rest)
}

/** A value as it is written: `parse` reads it back. */
export function settingText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return value === undefined ? '' : Array.isArray(value) ? value.join(',') : String(value)
}

export function wholeNumber(low: number, high: number, rest: Described<number>): Setting<number> {
  const read = (text: string) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return number >= low && number <= high ? number : undefined
  }
  return setting(`a whole number from ${low} to ${high}`, read, rest)
}

export function text(longest: number): Read<string> {
  return (value) => {
    const trimmed = value.trim()
    const isPlain = trimmed.length > 0 && trimmed.length <= longest && !/\p{Cc}/u.test(trimmed)
    return isPlain ? trimmed : undefined
  }
}

function readOrRefuse<Value>(text: string, allowed: string, read: Read<Value>): Value {
  const value = read(text)
  if (value === undefined) throw new Problem('incorrect', `"${text}" is not allowed; it takes ${allowed}`)
  return value
}
