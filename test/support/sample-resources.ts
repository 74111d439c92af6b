/** Resources that have a value where a search parameter looks, made from the text of its path. */
import { type ElementRule, elementRules, jsonNameOf, type SearchType } from '#fhir'
import { type Sample, sampleValues } from './sample-values.ts'

type Json = Record<string, unknown>

export interface Made extends Sample {
  readonly element: Json
  /** FHIR type of the value. */
  readonly type: string
}

interface Place {
  readonly kind: SearchType
  readonly targets: readonly string[]
  readonly number: () => number
}

/** One for each type of value that the path can end in; `path` starts below `type`. */
export function elementsAt(type: string, path: string, place: Place): Made[] {
  return made(type, stepsOf(path), place, undefined)
}

/** Steps between the dots that stand in no parentheses or brackets. */
function stepsOf(path: string): string[] {
  const isAnswer = /^(?:\w+\.)?(.+)\.exists\(\) and /.exec(path)
  return isAnswer?.[1]
    ? [isAnswer[1], 'ofType(boolean)']
    : (path.match(/(?:[^.([]|\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*\)|\[\d+\])+/g) ?? [])
}

function made(type: string, steps: readonly string[], place: Place, rule: ElementRule | undefined): Made[] {
  const [step, ...rest] = steps
  if (step === undefined) return ending(type, place, rule)
  const filter = /^where\((.*)\)$/.exec(step)?.[1]
  if (filter !== undefined) {
    return made(type, rest, place, rule).map((each) => ({
      ...each,
      element: merged(filtered(type, filter), each.element),
    }))
  }
  const name = step.replace(/\[\d+\]$/, '')
  const found = elementRules(type)?.find((each) => each.name === name)
  if (!found) return []
  const only = /^ofType\((\w+)\)$/.exec(rest[0] ?? '')?.[1]
  const below = only === undefined ? rest : rest.slice(1)
  return found.types
    .filter((each) => only === undefined || each === only)
    .flatMap((each) =>
      made(each, below, place, found).map((inner) => {
        const value = below.length === 0 && !isExtension(each) ? inner.value : inner.element
        return { ...inner, element: { [jsonNameOf(found, each)]: found.isArray ? [value] : value } }
      }),
    )
}

const isExtension = (type: string) => type === 'Extension'

function ending(type: string, place: Place, rule: ElementRule | undefined): Made[] {
  if (isExtension(type)) return made(type, ['value'], place, undefined)
  const name = type.startsWith('@') ? 'string' : type
  const make = sampleValues[place.kind][name]
  if (!make) return []
  const sample = make({ number: place.number(), targets: place.targets, ...(rule?.codes && { codes: rule.codes }) })
  return [{ ...sample, element: sample.value as Json, type: name }]
}

/** What makes a filter true: `system = 'phone'`, or `extension.where(url = '…').exists()`. */
function filtered(type: string, filter: string): Json {
  const [, name, value] = /^(\w+) = '(.*)'$/.exec(filter) ?? []
  if (name !== undefined) return { [name]: value }
  const [step = '', inner = ''] = stepsOf(filter.replace(/\.exists\(\)$/, ''))
  const test = /^where\((.*)\)$/.exec(inner)?.[1]
  return test === undefined || type === '' ? {} : { [step]: [filtered('Extension', test)] }
}

/** Both in one: lists of one are the same element. */
export function merged(one: unknown, other: unknown): Json {
  if (Array.isArray(one) && Array.isArray(other)) return [merged(one[0], other[0])] as unknown as Json
  if (typeof one !== 'object' || typeof other !== 'object' || !one || !other) return (other ?? one) as Json
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries([...names].map((name) => [name, merged((one as Json)[name], (other as Json)[name])]))
}
