import { Problem } from '#lib'
import { type ElementRule, elementRules, jsonNameOf } from '../definitions/structures.ts'
import { itemSpans, memberSpans } from '../model/json-text.ts'
import { memberAt } from './text-edits.ts'

/** A parameter or a part of one: its name and where its object starts in the text of the Parameters. */
export interface Part {
  readonly name: string
  readonly start: number
}

/** A value as it goes into the resource: the name of its member there, and JSON text. */
export interface Member {
  readonly key: string
  readonly value: string
}

/** The parts of the parameter at `start`. */
export function partsOf(text: string, start: number, key: 'part' | 'parameter' = 'part'): readonly Part[] {
  const span = memberAt(text, start, key)
  if (!span) return []
  return itemSpans(text, span.valueStart).map((item) => {
    const name = memberAt(text, item.start, 'name')
    return { name: name ? String(JSON.parse(text.slice(name.valueStart, name.valueEnd))) : '', start: item.start }
  })
}

/** The plain value of a part: a code, a string, an integer. */
export function plainValue(text: string, { start }: Part): unknown {
  const span = valueSpan(text, start)
  return span && JSON.parse(text.slice(span.valueStart, span.valueEnd))
}

/**
 * The value of a part as a member of what has `rule` as an element. Elements without a type of their own come as parts:
 * https://hl7.org/fhir/R4/fhirpatch.html
 */
export function memberOf(text: string, { name, start }: Part, rule: ElementRule): Member {
  const span = valueSpan(text, start) ?? memberAt(text, start, 'resource')
  if (!span) return { key: jsonNameOf(rule, rule.types[0] ?? ''), value: builtFrom(text, start, rule) }
  if (memberSpans(text, start).some(({ key }) => key.startsWith('_'))) {
    throw refusedValue(name, 'extensions of plain values cannot be patched in this way')
  }
  const value = text.slice(span.valueStart, span.valueEnd)
  if (!rule.isChoice) return { key: rule.name, value }
  const type = rule.types.find((each) => `value${jsonTypeName(each)}` === span.key)
  if (type === undefined) throw refusedValue(rule.name, `${span.key} is none of its types`)
  return { key: jsonNameOf(rule, type), value }
}

function builtFrom(text: string, start: number, rule: ElementRule): string {
  const [type = ''] = rule.types
  const parts = partsOf(text, start)
  if (parts.length === 0) throw refusedValue(rule.name, 'it has neither a value nor parts')
  const members = new Map<string, { readonly isArray: boolean; readonly values: string[] }>()
  for (const part of parts) {
    const element = elementRules(type)?.find((each) => each.name === part.name)
    if (!element) throw refusedValue(rule.name, `${type} has no element "${part.name}"`)
    const { key, value } = memberOf(text, part, element)
    const known = members.get(key) ?? { isArray: element.isArray, values: [] }
    members.set(key, { ...known, values: [...known.values, value] })
  }
  const written = [...members].map(([key, { isArray, values }]) => {
    if (!isArray && values.length > 1) throw refusedValue(rule.name, `"${key}" is given twice`)
    return `${JSON.stringify(key)}:${isArray ? `[${values.join()}]` : values.join()}`
  })
  return `{${written.join()}}`
}

function jsonTypeName(type: string): string {
  return type.charAt(0).toUpperCase() + type.slice(1)
}

function valueSpan(text: string, start: number) {
  return memberSpans(text, start).find(({ key }) => /^value[A-Z]/.test(key))
}

function refusedValue(name: string, reason: string): Problem {
  return new Problem('invalid', `Cannot apply the patch: in the value of "${name}" ${reason}`)
}
