import type { Check } from './walk.ts'
import { quoted } from './walk.ts'

/** https://hl7.org/fhir/R4/datatypes.html: what JSON says for each primitive type, and the sentence when it does not. */
const texts: Readonly<Record<string, readonly [accepts: (text: string) => boolean, is: string]>> = {
  string: [isString, 'a string of 1 to 1048576 characters'],
  markdown: [isString, 'a string of 1 to 1048576 characters'],
  code: [matches(/^[^\s]+(?:\s[^\s]+)*$/), 'a code without blanks at its ends or two in a row'],
  id: [matches(/^[A-Za-z0-9.-]{1,64}$/), 'an id: 1 to 64 letters, digits, "-" or "."'],
  uri: [matches(/^\S+$/), 'a URI without blanks'],
  url: [matches(/^\S+$/), 'a URL without blanks'],
  canonical: [matches(/^\S+$/), 'a canonical URL without blanks'],
  oid: [matches(/^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/), 'an OID such as urn:oid:1.2.3'],
  uuid: [
    matches(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    'a UUID such as urn:uuid:…',
  ],
  date: [isDate, 'a date such as 2024, 2024-01 or 2024-01-31'],
  dateTime: [isDateTime, 'a dateTime such as 2024-01-31 or 2024-01-31T12:00:00Z'],
  instant: [isInstant, 'an instant such as 2024-01-31T12:00:00Z'],
  time: [matches(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?$/), 'a time such as 12:00:00'],
  base64Binary: [isBase64, 'base64'],
  xhtml: [isNarrative, 'XHTML in a div, without DOCTYPE, entity definitions and scripts'],
}

const numbers: Readonly<Record<string, readonly [accepts: (value: number) => boolean, is: string]>> = {
  decimal: [Number.isFinite, 'a number'],
  integer: [isInteger(-2147483648), 'an integer of 32 bits'],
  unsignedInt: [isInteger(0), 'an integer from 0'],
  positiveInt: [isInteger(1), 'an integer from 1'],
}

/** The check of a primitive type; undefined when the type is none. */
export function primitiveCheck(type: string): Check | undefined {
  const text = Object.hasOwn(texts, type) ? texts[type] : undefined
  if (text) return textCheck(...text)
  const number = Object.hasOwn(numbers, type) ? numbers[type] : undefined
  if (number) return numberCheck(...number)
  return type === 'boolean' ? booleanCheck : undefined
}

function textCheck(accepts: (text: string) => boolean, is: string): Check {
  return (value, walk) => {
    if (typeof value !== 'string') walk.fault('structure', `${quoted(value)} is not a JSON string, which ${is} is`)
    else if (!accepts(value)) walk.fault('value', `${quoted(value)} is not ${is}`)
  }
}

function numberCheck(accepts: (value: number) => boolean, is: string): Check {
  return (value, walk) => {
    if (typeof value !== 'number') walk.fault('structure', `${quoted(value)} is not a JSON number`)
    else if (!accepts(value)) walk.fault('value', `${quoted(value)} is not ${is}`)
  }
}

const booleanCheck: Check = (value, walk) => {
  if (typeof value !== 'boolean') walk.fault('structure', `${quoted(value)} is not true or false`)
}

function matches(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text)
}

function isInteger(low: number): (value: number) => boolean {
  return (value) => Number.isInteger(value) && value >= low && value <= 2147483647
}

function isString(text: string): boolean {
  return text.length > 0 && text.length <= 1048576
}

const day = '[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])'
const clock =
  'T(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\\.[0-9]+)?(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))'
const dates = new RegExp(`^(?:[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?|${day})$`)
const instants = new RegExp(`^${day}${clock}$`)

function isDate(text: string): boolean {
  return dates.test(text) && isOnCalendar(text)
}

function isInstant(text: string): boolean {
  return instants.test(text) && isOnCalendar(text)
}

function isDateTime(text: string): boolean {
  return text.length <= 10 ? isDate(text) : isInstant(text)
}

/** There is no year 0 and no 30th of February. */
function isOnCalendar(text: string): boolean {
  if (text.startsWith('0000')) return false
  if (text.charCodeAt(8) !== 0x33 && !text.startsWith('02-29', 5)) return true
  return new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(text.slice(8, 10))
}

function isBase64(text: string): boolean {
  const dense = /\s/.test(text) ? text.replace(/\s+/g, '') : text
  return dense.length > 0 && dense.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(dense)
}

function isNarrative(text: string): boolean {
  // Each blank can be read in one way only: S-15
  return /^\s*(?:(?:<\?xml[^>]*>|<!--)\s*)?<(?:\w+:)?div\b/.test(text) && !/<!DOCTYPE|<!ENTITY|<script\b/i.test(text)
}
