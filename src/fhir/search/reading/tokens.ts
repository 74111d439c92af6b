import type { Value } from '../query.ts'
import { splitAt, unescaped } from './escapes.ts'
import { type Place, type Reading, refuse } from './place.ts'

/** https://hl7.org/fhir/R4/search.html#token */
export function readToken(text: string, place: Place, reading: Reading): Value {
  switch (place.modifier) {
    case 'text':
      return { kind: 'string', text: unescaped(text) }
    case 'of-type':
      return readOfType(text, place)
    case 'in':
    case 'not-in':
      return readValueSet(unescaped(text), place, reading)
    case 'above':
    case 'below':
      return readHierarchy(place.modifier, text, place, reading)
    default:
      return readCoding(text, place)
  }
}

type TokenValue = Extract<Value, { kind: 'token' }>

/** `code`, `system|code`, `|code`, `system|`. */
export function readCoding(text: string, place: Place): TokenValue {
  const parts = splitAt('|', text).map(unescaped)
  const [first = '', code] = parts
  if (parts.length > 2 || (first === '' && !code)) {
    refuse(place, `"${text}" is not a token: write code, system|code, |code or system|`)
  }
  if (code === undefined) return checkCode({ kind: 'token', code: first }, place)
  const system = first === '' ? null : first
  return checkCode(code === '' ? { kind: 'token', system } : { kind: 'token', system, code }, place)
}

/** A code of another system may be a translation, so only what claims to be of the required value set is checked. */
function checkCode(value: TokenValue, { codes, codeSystem, ...place }: Place): TokenValue {
  const isClaimed = value.system === undefined || (value.system !== null && value.system === codeSystem)
  if (!codes || !isClaimed || value.code === undefined || codes.has(value.code)) return value
  const known = codes.size > 40 ? '' : `: ${[...codes].join(', ')}`
  return refuse(place, `"${value.code}" is not one of its codes${known}`, 'code-invalid')
}

function readOfType(text: string, place: Place): Value {
  const [system, code, value, ...rest] = splitAt('|', text).map(unescaped)
  if (!system || !code || !value || rest.length > 0) refuse(place, `"${text}" does not name system|code|value`)
  return { kind: 'of-type', system, code, value }
}

function readValueSet(url: string, place: Place, reading: Reading): Value {
  const tokens = reading.terminology?.expand(url)?.map(({ system, code }) => ({ system, code }))
  if (!tokens)
    refuse(place, `the value set "${url}" is not loaded; store it as a ValueSet with its codes, or list codes`)
  return { kind: 'tokens', tokens }
}

function readHierarchy(modifier: 'above' | 'below', text: string, place: Place, reading: Reading): Value {
  const { codes: _, ...open } = place
  const { code, system = place.codeSystem } = readCoding(text, open)
  if (!system || code === undefined)
    refuse(place, `"${text}" has to name system|code, so that its hierarchy can be found`)
  const codes = reading.terminology?.[modifier](system, code)
  if (!codes)
    refuse(place, `the hierarchy of "${code}" in the code system "${system}" is not loaded; list codes instead`)
  return { kind: 'tokens', tokens: codes.map((each) => ({ system, code: each })) }
}
