import type { Prefix, Value } from '../query.ts'
import { splitAt, unescaped } from './escapes.ts'
import { type Place, refuse } from './place.ts'

const prefixes: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'] satisfies Prefix[])

/** https://hl7.org/fhir/R4/search.html#prefix */
export function splitPrefix(text: string): readonly [Prefix, string] {
  const start = text.slice(0, 2)
  return prefixes.has(start) ? [start as Prefix, text.slice(2)] : ['eq', text]
}

/** https://hl7.org/fhir/R4/search.html#number */
export function readNumber(text: string, place: Place): Value {
  const [prefix, digits] = splitPrefix(text)
  return { kind: 'number', prefix, ...readBounds(digits, place) }
}

/** https://hl7.org/fhir/R4/search.html#quantity: `5.4`, `5.4|http://unitsofmeasure.org|mg`, `5.4||mg`. */
export function readQuantity(text: string, place: Place): Value {
  const [amount = '', system, unit, ...rest] = splitAt('|', text)
  if (rest.length > 0 || (system !== undefined && unit === undefined)) {
    refuse(place, `"${text}" is not a quantity: write 5.4, 5.4||mg or 5.4|http://unitsofmeasure.org|mg`)
  }
  const [prefix, digits] = splitPrefix(amount)
  return {
    kind: 'quantity',
    prefix,
    ...readBounds(digits, place),
    ...(system && { system: unescaped(system) }),
    ...(unit && { unit: unescaped(unit) }),
  }
}

const decimal = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/

/** A number stands for all that round to it: 5.40 is [5.395, 5.405). R4 reads 1e2 as [95, 105). */
function readBounds(text: string, place: Place) {
  const [whole, sign = '', digits = '', fraction = '', exponent = '0'] = decimal.exec(text) ?? []
  if (whole === undefined) refuse(place, `"${text}" is not a number`)
  const isShort = fraction === '' && /[eE]/.test(text)
  // Whole tens of the last digit, so that the half is exact.
  const tens = BigInt(`${digits}${fraction}`) * (isShort ? 100n : 10n)
  const scale = Number(exponent) - fraction.length - (isShort ? 2 : 1)
  const signed = sign === '-' ? -tens : tens
  const at = (units: bigint) => Number(`${units}e${scale}`)
  const bounds = { value: Number(text), low: at(signed - 5n), high: at(signed + 5n) }
  return Number.isFinite(bounds.high) && Number.isFinite(bounds.low) ? bounds : refuse(place, `"${text}" is too large`)
}
