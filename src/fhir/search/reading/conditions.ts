import { Problem } from '#lib'
import { isId } from '../../model/references.ts'
import { isResourceType } from '../../model/resource-types.ts'
import type { Condition, SearchParameter } from '../query.ts'
import { searchParametersOf } from '../registry.ts'
import { splitAt } from './escapes.ts'
import { readModifier } from './modifiers.ts'
import { nearest } from './nearest.ts'
import type { Reading } from './place.ts'
import { UnknownParameter } from './unknown-parameter.ts'
import { readValues } from './values.ts'

/** Chains and `_has` may reach this far; each step is another join. */
const maximumHops = 5

/** A parameter of a search of `type`, at this step of a chain. */
export interface Asked {
  readonly type: string
  readonly name: string
  readonly value: string
  readonly hops: number
  readonly reading: Reading
}

/** `name:exact=x`, `subject:Patient.name=x` or `_has:Observation:patient:code=x`. */
export function readCondition(asked: Asked): Condition {
  const { name, hops, reading } = asked
  reading.spend()
  if (hops > maximumHops) {
    const sentence = `Cannot search by "${reading.asked}": chains reach at most ${maximumHops} steps`
    throw new Problem('too-costly', sentence, { expression: reading.asked })
  }
  if (name.startsWith('_has:')) return readHas(asked)
  return name.includes('.') ? readChain(asked) : readPlain(asked)
}

function readPlain({ type, name, value, reading }: Asked): Condition {
  const [code, modifier] = splitName(name)
  if (name === '_list') return readList(value, reading)
  const parameter = parameterOf(type, code, reading.asked)
  if (code === '_id') return readId(modifier, value, reading)
  const names = { name, asked: reading.asked }
  const told = readModifier(parameter, modifier, names)
  return {
    kind: 'parameter',
    parameter,
    ...told,
    values: readValues(value, { ...parameter, ...told, ...names }, reading),
  }
}

function splitName(name: string): readonly [string, string | undefined] {
  const colon = name.indexOf(':')
  return colon < 0 ? [name, undefined] : [name.slice(0, colon), name.slice(colon + 1)]
}

export function parameterOf(type: string, code: string, asked: string): SearchParameter {
  const parameter = searchParametersOf(type).get(code)
  if (!parameter) throw new UnknownParameter(type, code, asked)
  return parameter
}

export function referenceOf(type: string, code: string, asked: string): SearchParameter {
  const parameter = parameterOf(type, code, asked)
  if (parameter.type !== 'reference') refuse(asked, `"${code}" of ${type} is not a reference but a ${parameter.type}`)
  return parameter
}

function readId(modifier: string | undefined, value: string, { asked }: Reading): Condition {
  if (modifier !== undefined && modifier !== 'not') refuse(asked, `":${modifier}" does not go with _id; it takes :not`)
  const ids = splitAt(',', value)
  const wrong = ids.find((id) => !isId(id))
  if (wrong !== undefined) refuse(asked, `"${wrong}" is not an id`)
  return { kind: 'id', ids, ...(modifier && { not: true }) }
}

/** https://hl7.org/fhir/R4/search.html#list */
function readList(value: string, { asked }: Reading): Condition {
  if (value.startsWith('$')) {
    throw new Problem('unsupported', `Cannot search by "${asked}": ${value} is not kept here`, { expression: asked })
  }
  const id = value.replace(/^List\//, '')
  return isId(id) ? { kind: 'list', id } : refuse(asked, `"${value}" is not the id of a List`)
}

/** https://hl7.org/fhir/R4/search.html#has */
function readHas({ type, name, value, hops, reading }: Asked): Condition {
  const [, from = '', code = '', inner = ''] = /^_has:([^:.]*):([^:.]*):(.+)$/.exec(name) ?? []
  if (!isResourceType(from)) refuse(reading.asked, 'write _has:Type:reference:parameter')
  const parameter = referenceOf(from, code, reading.asked)
  if (!parameter.targets.includes(type)) refuse(reading.asked, `${from}:${code} does not lead to ${type}`)
  const condition = readCondition({ type: from, name: inner, value, hops: hops + 1, reading })
  return { kind: 'has', type: from, parameter, condition }
}

/** https://hl7.org/fhir/R4/search.html#chaining */
function readChain({ type, name, value, hops, reading }: Asked): Condition {
  const dot = name.indexOf('.')
  const rest = name.slice(dot + 1)
  const [code, onlyTarget] = splitName(name.slice(0, dot))
  const parameter = referenceOf(type, code, reading.asked)
  if (onlyTarget !== undefined && !parameter.targets.includes(onlyTarget)) {
    refuse(reading.asked, `${type}:${code} does not lead to "${onlyTarget}" but to ${listed(parameter.targets)}`)
  }
  const possible = onlyTarget === undefined ? parameter.targets : [onlyTarget]
  const able = possible.filter((target) => knows(target, rest, reading.known))
  const read = (target: string) => readCondition({ type: target, name: rest, value, hops: hops + 1, reading })
  return able.length === 0
    ? refuseChain(possible, rest, read)
    : { kind: 'chain', parameter, targets: meets(able, read) }
}

function firstCode(name: string): string {
  return /^[^:.]*/.exec(name)?.[0] ?? ''
}

/** Whether all names of a chain are parameters; remembered, since many ways lead to the same question. */
function knows(type: string, name: string, known: Map<string, boolean>): boolean {
  const key = `${type}.${name}`
  const told = known.get(key)
  if (told !== undefined) return told
  known.set(key, false)
  const code = firstCode(name)
  const dot = name.indexOf('.')
  const parameter = searchParametersOf(type).get(code)
  const isKnown =
    code === '_has' ||
    code === '_list' ||
    (dot < 0
      ? parameter !== undefined
      : !!parameter?.targets.some((target) => knows(target, name.slice(dot + 1), known)))
  known.set(key, isKnown)
  return isKnown
}

/** Says what is wrong at the step of the chain where it goes wrong. */
function refuseChain(types: readonly string[], name: string, read: (type: string) => Condition): Condition {
  const code = firstCode(name)
  const able = types.find((type) => searchParametersOf(type).has(code))
  if (able) return read(able)
  const near = types.slice(0, 20).find((type) => nearest(code, searchParametersOf(type).keys()))
  return read(near ?? types[0] ?? '')
}

/** The condition for each type that can meet it; when none can, why the first one can't. */
function meets(types: readonly string[], read: (type: string) => Condition) {
  const targets: { type: string; condition: Condition }[] = []
  let reason: unknown
  for (const type of types) {
    try {
      targets.push({ type, condition: read(type) })
    } catch (cause) {
      if (!(cause instanceof Problem) || cause.kind !== 'incorrect') throw cause
      reason ??= cause
    }
  }
  if (targets.length === 0) throw reason
  return targets
}

function listed(types: readonly string[]) {
  return types.length > 20 ? 'any resource type' : types.join(', ')
}

function refuse(asked: string, why: string): never {
  throw new Problem('incorrect', `Cannot search by "${asked}": ${why}`, { expression: asked })
}
