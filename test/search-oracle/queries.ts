/** Random searches whose values come from the resources themselves, so that most find something. */
import type { Resource } from '../support/ndjson.ts'
import { codesOf, definitionAt, definitionOf } from './definitions.ts'
import type { Oracle } from './oracle.ts'
import type { Random } from './random.ts'
import { targetOf, textsOf, tokensOf } from './tokens.ts'
import { type Found, found, valuesOf } from './values.ts'

export type Asked = readonly [name: string, value: string]

const prefixes = ['', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']
export const escaped = (text: string) => text.replace(/[\\,$|]/g, '\\$&')

/** The server's CapabilityStatement leaves these out. */
export const unclaimed: ReadonlySet<string> = new Set(['_text', '_content', '_query'])

/** Not asked: `_id` and `_lastUpdated` have questions of their own. */
const left = new Set([...unclaimed, '_id', '_lastUpdated'])

/** Questions of one kind of parameter. */
export function askOf(kind: string, random: Random, oracle: Oracle): { type: string; asked: Asked } | undefined {
  for (let tries = 0; tries < 200; tries++) {
    const type = random.one(oracle.types())
    const resource = random.one(oracle.all(type))
    const codes = codesOf(type).filter((code) => !left.has(code) && definitionOf(type, code)?.type === kind)
    if (codes.length === 0) continue
    const asked = askedOf(random, resource, random.one(codes))
    if (asked) return { type, asked }
  }
  return undefined
}

function askedOf(random: Random, resource: Resource, code: string): Asked | undefined {
  const definition = definitionOf(resource.resourceType, code)
  if (definition?.type === 'composite') return compositeOf(random, resource, code)
  const values = valuesOf(resource, code)
  if (values.length === 0) return undefined
  if (random.happens(0.06)) return [`${code}:missing`, random.one(['true', 'false'])]
  const first = valueFor(random, definition?.type ?? '', random.one(values))
  if (!first) return undefined
  const [modifier, text] = first
  const others = random.happens(0.25) ? valueFor(random, definition?.type ?? '', random.one(values)) : undefined
  const name = modifier ? `${code}:${modifier}` : code
  return [name, others && others[0] === modifier ? `${text},${others[1]}` : text]
}

const kinds = ['string', 'token', 'token', 'reference', 'date', 'quantity', 'uri']

/** A parameter of this type, of any kind, with a value that occurs. */
function plainOf(type: string, random: Random, oracle: Oracle): Asked | undefined {
  for (let tries = 0; tries < 30; tries++) {
    const resource = random.one(oracle.all(type))
    const codes = codesOf(type).filter(
      (code) => !left.has(code) && kinds.includes(definitionOf(type, code)?.type ?? ''),
    )
    const asked = askedOf(random, resource, random.one(codes))
    if (asked) return asked
  }
  return undefined
}

/** Two or three conditions of one resource, so that they may meet. */
export function severalOf(random: Random, oracle: Oracle): { type: string; asked: Asked[] } {
  const type = random.one(oracle.types())
  const resource = random.one(oracle.all(type))
  const codes = codesOf(type).filter((code) => !left.has(code) && kinds.includes(definitionOf(type, code)?.type ?? ''))
  const asked = Array.from({ length: 12 }, () => askedOf(random, resource, random.one(codes)))
  return { type, asked: asked.filter((each) => each !== undefined).slice(0, 2 + random.below(2)) }
}

function referencesOf(type: string): string[] {
  return codesOf(type).filter((code) => definitionOf(type, code)?.type === 'reference')
}

/** Where a reference of some resource of the type leads, among those that are there. */
function hopFrom(type: string, random: Random, oracle: Oracle): { code: string; target: string } | undefined {
  const resource = random.one(oracle.all(type))
  const codes = referencesOf(type)
  if (codes.length === 0) return undefined
  const code = random.one(codes)
  const keys = oracle.targets(resource, code).filter((key) => oracle.at(key))
  return keys.length === 0 ? undefined : { code, target: random.one(keys).split('/')[0] ?? '' }
}

/** `subject:Patient.general-practitioner:Practitioner.name=x`, up to three steps. */
export function chainOf(random: Random, oracle: Oracle): { type: string; asked: Asked } {
  for (;;) {
    const type = random.one(oracle.types())
    let [at, name] = [type, '']
    const steps = 1 + random.below(3)
    for (let tries = 0, step = 0; step < steps && tries < 20; tries++) {
      const hop = hopFrom(at, random, oracle)
      if (!hop) continue
      name += `${hop.code}:${hop.target}.`
      at = hop.target
      step += 1
    }
    const asked = name === '' ? undefined : plainOf(at, random, oracle)
    if (asked && !/:(not|missing)$/.test(asked[0])) return { type, asked: [name + asked[0], asked[1]] }
  }
}

/** `_has:Observation:patient:code=x`, sometimes one inside of another. */
export function hasOf(random: Random, oracle: Oracle): { type: string; asked: Asked } {
  for (;;) {
    const from = random.one(oracle.types())
    const hop = hopFrom(from, random, oracle)
    const asked = hop && (random.happens(0.3) ? hasFor(from, random, oracle) : plainOf(from, random, oracle))
    if (hop && asked) return { type: hop.target, asked: [`_has:${from}:${hop.code}:${asked[0]}`, asked[1]] }
  }
}

function hasFor(type: string, random: Random, oracle: Oracle): Asked | undefined {
  for (let tries = 0; tries < 60; tries++) {
    const from = random.one(oracle.types())
    const hop = hopFrom(from, random, oracle)
    const asked = hop?.target === type && plainOf(from, random, oracle)
    if (asked && hop) return [`_has:${from}:${hop.code}:${asked[0]}`, asked[1]]
  }
  return undefined
}

/** A modifier and a value that the stored one suggests. */
function valueFor(random: Random, kind: string, value: Found): readonly [modifier: string, text: string] | undefined {
  switch (kind) {
    case 'string':
      return forString(random, value)
    case 'token':
      return forToken(random, value)
    case 'reference':
      return forReference(random, value)
    case 'date':
      return forDate(random, value)
    case 'uri':
      return forUri(random, String(value.value))
    default:
      return forNumber(random, value)
  }
}

function forString(random: Random, value: Found): readonly [string, string] | undefined {
  const text = random.one([...textsOf(value), ''])
  if (text.trim() === '') return undefined
  const modifier = random.one(['', '', 'exact', 'contains'])
  if (modifier === 'exact') return [modifier, escaped(random.happens(0.8) ? text : text.toUpperCase())]
  const start = modifier === 'contains' ? random.below(Math.max(1, text.length - 1)) : 0
  const part = text.slice(start, start + 1 + random.below(text.length - start)).trim()
  if (part === '' || /^\p{M}/u.test(part)) return undefined
  return [modifier, escaped(random.happens(0.5) ? part : part.toUpperCase())]
}

function forToken(random: Random, value: Found): readonly [string, string] | undefined {
  const tokens = tokensOf(value)
  const token = tokens[random.below(tokens.length)]
  if (!token) return undefined
  const [text] = token.texts
  if (text && random.happens(0.3)) return ['text', escaped(text.slice(0, 1 + random.below(text.length)).trim() || text)]
  const type = value.type === 'Identifier' ? value.value.type?.coding?.[0] : undefined
  if (type?.system && token.code && random.happens(0.4))
    return ['of-type', [type.system, type.code, token.code].map(escaped).join('|')]
  if (token.code === undefined) return undefined
  const modifier = random.happens(0.15) ? 'not' : ''
  const system = token.system?.startsWith('(') ? '' : (token.system ?? '')
  const code = escaped(token.code)
  return [
    modifier,
    random.one([code, `${escaped(system)}|${code}`, system === '' ? `|${code}` : `${escaped(system)}|`, `|${code}`]),
  ]
}

function forReference(random: Random, value: Found): readonly [string, string] | undefined {
  const { identifier } = value.value
  if (identifier?.value)
    return ['identifier', random.one([identifier.value, `${escaped(identifier.system ?? '')}|${identifier.value}`])]
  const target = targetOf(value)
  if (!target || target.startsWith('#')) return undefined
  const [type = '', id = ''] = target.split('/')
  if (!/^[A-Z]\w+\/[^/]+$/.test(target)) return ['', escaped(target)]
  return random.one([
    ['', target],
    ['', id],
    [type, id],
    [type, target],
  ] as const)
}

function forDate(random: Random, { type, value }: Found): readonly [string, string] | undefined {
  const texts = typeof value === 'string' ? [value] : type === 'Period' ? [value.start, value.end] : (value.event ?? [])
  const text = random.one([...texts.filter((each: unknown) => typeof each === 'string'), undefined])
  if (!text) return undefined
  const lengths = [4, 7, 10, text.length].filter((length) => length <= text.length)
  const short = text.slice(0, random.one(lengths))
  const minutes = text.length > 19 && random.happens(0.2) ? `${text.slice(0, 16)}Z` : short
  return ['', random.one(prefixes) + minutes]
}

function forUri(random: Random, text: string): readonly [string, string] {
  if (random.happens(0.3)) return ['below', text.slice(0, Math.max(text.lastIndexOf('/'), 8))]
  return random.happens(0.3) ? ['above', `${text}/more`] : ['', text.split('|')[0] ?? text]
}

function forNumber(random: Random, { value }: Found): readonly [string, string] | undefined {
  const quantity = typeof value === 'number' ? { value } : (value.low ?? value)
  if (typeof quantity?.value !== 'number') return undefined
  const number = random.one([
    String(quantity.value),
    quantity.value.toFixed(1),
    quantity.value.toFixed(0),
    `${quantity.value}0`.replace(/^(-?\d+)0$/, '$1.0'),
  ])
  if (/e/.test(number)) return undefined
  const text = random.one(prefixes) + number.replace(/^-0(\.0+)?$/, '0')
  const { system, code = quantity.currency, unit } = quantity
  const forms = [
    '',
    ...(code && system ? [`|${escaped(system)}|${escaped(code)}`] : []),
    ...(code || unit ? [`||${escaped(code ?? unit)}`] : []),
  ]
  return ['', text + (typeof value === 'number' ? '' : random.one(forms))]
}

function compositeOf(random: Random, resource: Resource, code: string): Asked | undefined {
  const { expression = '', component = [] } = definitionOf(resource.resourceType, code) ?? {}
  const path = random.one(expression.split('|')).trim()
  const isResource = path === resource.resourceType
  const elements = isResource ? [resource] : found(path, resource, resource).map(({ value }) => value as object)
  if (elements.length === 0) return undefined
  const element = random.one(elements)
  const parts = component.map((part) => {
    const values = found(part.expression, element, resource, isResource ? undefined : path)
    const kind = definitionAt(part.definition)?.type ?? ''
    for (let tries = 0; values.length > 0 && tries < 10; tries++) {
      const [modifier, text] = valueFor(random, kind, random.one(values)) ?? ['none', '']
      const hasCode = kind !== 'token' || !text.endsWith('|')
      if (modifier === '' && hasCode) return text
    }
    return undefined
  })
  return parts.some((part) => part === undefined) ? undefined : [code, parts.join('$')]
}
