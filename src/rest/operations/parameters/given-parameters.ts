/** The parameters of a call of an operation, wherever they stand. https://hl7.org/fhir/R4/operations.html#request */
import { itemSpans, memberSpan, readJson, resourceTypes, validateStructure } from '#fhir'
import type { Parameters } from '#http'
import { Problem } from '#lib'
import type { Entry, Given, Parameter, ParameterTable, Values } from './parameter.ts'
import { isPrimitive, readValue, refusal } from './read-value.ts'

/** Those of the URL and a form, and those of a body: a Parameters resource, or the one resource that the operation takes. */
export function entriesOf(inUrl: Parameters, body: string | undefined, table: ParameterTable): readonly Entry[] {
  const ofUrl = inUrl.map(([name, given]): Entry => ({ name, given }))
  return body ? [...ofUrl, ...entriesOfBody(body, table)] : ofUrl
}

function entriesOfBody(body: string, table: ParameterTable): readonly Entry[] {
  const value = readJson(body) as { readonly resourceType?: unknown; readonly parameter?: readonly object[] }
  const [fault] = validateStructure(value)
  if (fault) {
    const sentence = `Cannot take the body: ${fault.expression} ${fault.sentence}`
    throw new Problem('incorrect', sentence, { expression: fault.expression, issue: fault.issue })
  }
  if (value.resourceType !== 'Parameters') return [ofResource(body, value, table)]
  const list = memberSpan(body, 'parameter')
  const spans = list ? itemSpans(body, list.valueStart) : []
  return spans.map(({ start, end }, i) => ofParameter(body.slice(start, end), value.parameter?.[i] ?? {}))
}

/** https://hl7.org/fhir/R4/operations.html#request: a resource may be posted alone when it is the only one that is taken. */
function ofResource(text: string, value: { readonly resourceType?: unknown }, table: ParameterTable): Entry {
  const [name, ...others] = Object.keys(table).filter((each) => takesResource(table[each], value.resourceType))
  if (name !== undefined && others.length === 0) return { name, given: { text, value } }
  throw new Problem('incorrect', `Cannot take the body: a Parameters resource is wanted, not ${value.resourceType}`)
}

function takesResource(parameter: Parameter | undefined, type: unknown): boolean {
  return parameter?.type === 'Resource' || parameter?.type === type
}

function ofParameter(text: string, parameter: object): Entry {
  const { name = '' } = parameter as { name?: string }
  const [key, value] = Object.entries(parameter).find(([each]) => each.startsWith('value') || each === 'resource') ?? []
  if (key === undefined) throw refusal(name, 'it has no value')
  if (typeof value !== 'object') return { name, given: String(value) }
  const span = memberSpan(text, key)
  return { name, given: { text: text.slice(span?.valueStart, span?.valueEnd), value } }
}

/** Values by name; throws Problem 'incorrect' for what is missing, unknown, repeated or not of its type. */
export function readEntries(entries: readonly Entry[], table: ParameterTable, zone: string): Given<ParameterTable> {
  for (const { name } of entries) if (!Object.hasOwn(table, name)) throw unknownParameter(name, table)
  const read = Object.fromEntries(
    Object.entries(table).map(([name, parameter]) => {
      const given = entries.filter((entry) => entry.name === name).map((entry) => entry.given)
      const values = given.flatMap((one) => partsOf(parameter, one)).map((one) => readEntry(name, parameter, one, zone))
      if (values.length < parameter.min) throw missing(name, parameter)
      if (parameter.max === '*') return [name, values]
      if (values.length > 1) throw refusal(name, `it is given ${values.length} times, and may be once`)
      return [name, values[0]]
    }),
  )
  return read as Given<ParameterTable>
}

/** Codes are often given with commas between them, as in a search. */
function partsOf({ type, max }: Parameter, given: Entry['given']): readonly Entry['given'][] {
  return type === 'code' && max === '*' && typeof given === 'string' ? given.split(',').filter(Boolean) : [given]
}

function readEntry(name: string, { type }: Parameter, given: Entry['given'], zone: string): Values[keyof Values] {
  if (typeof given === 'string') return readValue(name, type, given, zone)
  if (isPrimitive(type)) throw refusal(name, `a ${type} is wanted, and an object is given`)
  const found = (given.value as { resourceType?: string }).resourceType
  const isAsked = resourceTypes.includes(type) ? found === type : (found !== undefined) === (type === 'Resource')
  if (!isAsked) throw refusal(name, `a ${type} is wanted, and ${found ?? 'no resource'} is given`)
  return given
}

function missing(name: string, { documentation }: Parameter): Problem {
  const sentence = `The parameter "${name}" is missing: ${documentation}`
  return new Problem('incorrect', sentence, { expression: name, issue: 'required' })
}

function unknownParameter(name: string, table: ParameterTable): Problem {
  const known = Object.keys(table)
  const offered = known.length > 0 ? `it takes ${known.join(', ')}` : 'it takes none'
  return new Problem('incorrect', `The operation has no parameter "${name}": ${offered}`, {
    expression: name,
    issue: 'not-supported',
  })
}
