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

/** One parameter of a search of `type`: `name:exact=x`, `subject:Patient.name=x`, `_has:Observation:patient:code=x`. */
export function readCondition(type: string, name: string, value: string, reading: Reading, hops = 0): Condition {
  reading.spend()
  if (hops > maximumHops) {
    throw new Problem('too-costly', `Cannot search by "${name}": chains reach at most ${maximumHops} steps`, {
      expression: name,
    })
  }
  if (name.startsWith('_has:')) return readHas(type, name, value, reading, hops)
  const dot = name.indexOf('.')
  if (dot > 0) return readChain(type, name, dot, value, reading, hops)
  const [code = '', modifier] = splitName(name)
  if (code === '_list') return readList(name, value)
  const parameter = parameterOf(type, code)
  if (code === '_id') return readId(name, modifier, value)
  const told = readModifier(parameter, modifier, name)
  return { kind: 'parameter', parameter, ...told, values: readValues(value, { ...parameter, ...told, name }, reading) }
}

export function parameterOf(type: string, code: string): SearchParameter {
  const parameter = searchParametersOf(type).get(code)
  if (!parameter) throw new UnknownParameter(type, code)
  return parameter
}

function splitName(name: string): readonly [string, string | undefined] {
  const colon = name.indexOf(':')
  return colon < 0 ? [name, undefined] : [name.slice(0, colon), name.slice(colon + 1)]
}

function readId(name: string, modifier: string | undefined, value: string): Condition {
  if (modifier !== undefined && modifier !== 'not') refuse(name, `":${modifier}" does not go with it; it takes :not`)
  const ids = splitAt(',', value)
  const wrong = ids.find((id) => !isId(id))
  if (wrong !== undefined) refuse(name, `"${wrong}" is not an id`)
  return { kind: 'id', ids, ...(modifier && { not: true }) }
}

/** https://hl7.org/fhir/R4/search.html#list */
function readList(name: string, value: string): Condition {
  const id = value.replace(/^List\//, '')
  if (value.startsWith('$')) {
    throw new Problem('unsupported', `Cannot search by "${name}": the list "${value}" is not kept here`, {
      expression: name,
    })
  }
  return isId(id) && name === '_list' ? { kind: 'list', id } : refuse(name, `"${value}" is not the id of a List`)
}

/** https://hl7.org/fhir/R4/search.html#has */
function readHas(type: string, name: string, value: string, reading: Reading, hops: number): Condition {
  const [, from = '', code = '', inner = ''] = /^_has:([^:.]*):([^:.]*):(.+)$/.exec(name) ?? []
  if (!isResourceType(from)) refuse(name, 'write _has:Type:reference:parameter')
  const parameter = referenceOf(from, code, name)
  if (!parameter.targets.includes(type)) refuse(name, `${from}.${code} does not lead to ${type}`)
  return { kind: 'has', type: from, parameter, condition: readCondition(from, inner, value, reading, hops + 1) }
}

/** https://hl7.org/fhir/R4/search.html#chaining */
function readChain(type: string, name: string, dot: number, value: string, reading: Reading, hops: number): Condition {
  const [code = '', onlyTarget] = splitName(name.slice(0, dot))
  const rest = name.slice(dot + 1)
  const parameter = referenceOf(type, code, name)
  if (onlyTarget !== undefined && !parameter.targets.includes(onlyTarget)) {
    refuse(name, `${type}.${code} does not lead to "${onlyTarget}" but to ${listed(parameter.targets)}`)
  }
  const possible = onlyTarget === undefined ? parameter.targets : [onlyTarget]
  const known = possible.filter((target) => knows(target, rest))
  if (known.length === 0) throw unknownInChain(possible, rest)
  const targets = meets(known, (target) => readCondition(target, rest, value, reading, hops + 1))
  return { kind: 'chain', parameter, targets }
}

function knows(type: string, rest: string): boolean {
  const [code = ''] = rest.split(/[:.]/)
  return code === '_has' || code === '_list' || searchParametersOf(type).has(code)
}

function unknownInChain(types: readonly string[], rest: string) {
  const [code = ''] = rest.split(/[:.]/)
  const [first = ''] = types.length > 1 ? types.filter((type) => nearest(code, searchParametersOf(type).keys())) : types
  return new UnknownParameter(first || (types[0] ?? ''), code)
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

export function referenceOf(type: string, code: string, name: string): SearchParameter {
  const parameter = parameterOf(type, code)
  return parameter.type === 'reference'
    ? parameter
    : refuse(name, `"${code}" of ${type} is not a reference but a ${parameter.type}`)
}

function listed(types: readonly string[]) {
  return types.length > 20 ? 'any resource type' : types.join(', ')
}

function refuse(name: string, why: string): never {
  throw new Problem('incorrect', `Cannot search by "${name}": ${why}`, { expression: name })
}
