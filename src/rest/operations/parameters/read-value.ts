import { dateRange, isId } from '#fhir'
import { Problem } from '#lib'
import type { Structured, Values } from './parameter.ts'

type Reader<Type extends keyof Values> = (text: string, zone: string) => Values[Type] | undefined

const text = (given: string) => (given === '' ? undefined : given)
const moment = (given: string, zone: string) => {
  const range = dateRange(given, zone)
  return range && { text: given, ...range }
}

interface Form<Type extends keyof Values> {
  /** What a refusal says that it should be. */
  readonly is: string
  readonly read: Reader<Type>
}

/** How values are written in a URL. */
const forms: { readonly [Type in keyof Values]?: Form<Type> } = {
  string: { is: 'a text', read: text },
  code: { is: 'a code', read: (given) => (/^\S+( \S+)*$/.test(given) ? given : undefined) },
  id: { is: 'an id: at most 64 letters, digits, "-" and "."', read: (given) => (isId(given) ? given : undefined) },
  uri: { is: 'a URI', read: uri },
  canonical: { is: 'a canonical URL', read: uri },
  boolean: {
    is: 'true or false',
    read: (given) =>
      new Map([
        ['true', true],
        ['false', false],
      ]).get(given),
  },
  integer: { is: 'a whole number', read: (given) => (/^-?\d{1,9}$/.test(given) ? Number(given) : undefined) },
  date: { is: 'a date such as 2026-01-31', read: moment },
  dateTime: { is: 'a date or time such as 2026-01-31 or 2026-01-31T12:00:00Z', read: moment },
  instant: { is: 'an instant such as 2026-01-31T12:00:00Z', read: moment },
  Coding: { is: 'a coding: system|code', read: (given) => structured(codingOf(given)) },
  CodeableConcept: {
    is: 'a coding: system|code',
    read: (given) => structured(codingOf(given) && { coding: [codingOf(given)] }),
  },
}

/** Throws Problem 'incorrect' when the text is no value of the type. */
export function readValue(name: string, type: keyof Values, given: string, zone: string): Values[keyof Values] {
  const form = forms[type]
  if (!form) throw refusal(name, `a ${type} is posted in a Parameters resource, not given in the URL`)
  const value = form.read(given, zone)
  if (value === undefined) throw refusal(name, `"${given}" is not ${form.is}`)
  return value
}

/** Whether values of the type stand in a URL as well as in a Parameters resource. */
export function isPrimitive(type: keyof Values): boolean {
  return /^[a-z]/.test(type)
}

export function refusal(name: string, why: string): Problem {
  return new Problem('incorrect', `Cannot take the parameter "${name}": ${why}`, { expression: name, issue: 'value' })
}

function uri(given: string): string | undefined {
  return /^\S+$/.test(given) ? given : undefined
}

function codingOf(given: string): object | undefined {
  const bar = given.indexOf('|')
  const [system, code] = bar < 0 ? ['', given] : [given.slice(0, bar), given.slice(bar + 1)]
  if (code === '') return undefined
  return system === '' ? { code } : { system, code }
}

function structured(value: object | undefined): Structured | undefined {
  return value && { text: JSON.stringify(value), value }
}
