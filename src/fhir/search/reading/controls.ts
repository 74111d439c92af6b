import { Problem } from '#lib'
import { elementOf } from '../../definitions/elements.ts'
import type { Query, SortKey } from '../query.ts'
import { parameterOf } from './conditions.ts'

/** Parameters that say how to answer, not what to find. https://hl7.org/fhir/R4/search.html#return */
export const controls = new Map<string, 'once' | 'often'>([
  ['_sort', 'once'],
  ['_count', 'once'],
  ['_total', 'once'],
  ['_summary', 'once'],
  ['_elements', 'once'],
  ['_type', 'once'],
  ['_format', 'once'],
  ['_pretty', 'once'],
  ['_contained', 'once'],
  ['_include', 'often'],
  ['_include:iterate', 'often'],
  ['_include:recurse', 'often'],
  ['_revinclude', 'often'],
  ['_revinclude:iterate', 'often'],
  ['_revinclude:recurse', 'often'],
])

/** https://hl7.org/fhir/R4/search.html#_sort */
export function readSort(value: string, types: readonly string[]): SortKey[] {
  return value.split(',').map((key) => {
    const descending = key.startsWith('-')
    const code = descending ? key.slice(1) : key
    const [parameter] = types.map((type) => parameterOf(type, code, '_sort'))
    if (!parameter) throw new TypeError('A search has at least one type')
    if (parameter.type === 'composite' || parameter.type === 'special') {
      refuseControl('_sort', `"${code}" is ${parameter.type} and has no order`)
    }
    return { parameter, descending }
  })
}

/** Capped at `maximum`, not refused. */
export function readCount(value: string, maximum: number): number {
  if (!/^\d+$/.test(value)) refuseControl('_count', `"${value}" is not a whole number`)
  return Math.min(Number(value), maximum)
}

const totals = ['none', 'estimate', 'accurate'] as const
const summaries = ['true', 'text', 'data', 'count', 'false'] as const

export function readTotal(value: string): Query['total'] {
  return oneOf('_total', value, totals)
}

export function readSummary(value: string): Query['summary'] {
  return oneOf('_summary', value, summaries)
}

/** https://hl7.org/fhir/R4/search.html#elements: names of elements, with or without the type before them. */
export function readElements(value: string, types: readonly string[]): string[] {
  return value.split(',').map((text) => {
    const dot = text.indexOf('.')
    const [only, name] = dot < 0 ? [undefined, text] : [text.slice(0, dot), text.slice(dot + 1)]
    const isKnown = types.some((type) => (only === undefined || only === type) && elementOf(type, name) !== undefined)
    return isKnown ? name : refuseControl('_elements', `"${text}" is not an element of ${types.join(' or ')}`)
  })
}

/** The types of a search across types: those named, if they are among those searched. */
export function readTypes(value: string, types: readonly string[]): string[] {
  const named = [...new Set(value.split(','))]
  const wrong = named.find((type) => !types.includes(type))
  if (wrong !== undefined) refuseControl('_type', `"${wrong}" is not among the resource types that are searched here`)
  return named
}

export function readContained(value: string) {
  if (value !== 'false') {
    throw new Problem(
      'unsupported',
      'Cannot search with "_contained": contained resources are not searched on their own',
      {
        expression: '_contained',
      },
    )
  }
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  return known.find((each) => each === value) ?? refuseControl(name, `"${value}" is not one of ${known.join(', ')}`)
}

export function refuseControl(name: string, why: string): never {
  throw new Problem('incorrect', `Cannot search with "${name}": ${why}`, { expression: name })
}
