import { elementOf, jsonName, memberSpans, project, summaryElementTable } from '#fhir'

/** Makes of a stored body what leaves; undefined: it leaves as it is stored. */
export type Shape = (type: string, body: string) => string

/**
 * https://hl7.org/fhir/R4/search.html#summary and #elements; what is mandatory always comes along, so that what leaves
 * is a resource still.
 */
export function shapeOf(summary: string | undefined, elements: readonly string[]): Shape | undefined {
  if (elements.length > 0) {
    return (type, body) =>
      project(body, new Set([...elements.flatMap((name) => namedFor(type, name)), ...members('mandatory', type)]))
  }
  if (summary === 'true')
    return (type, body) => project(body, new Set([...members('summary', type), ...members('mandatory', type)]))
  if (summary === 'text') return (type, body) => project(body, new Set(['text', ...members('mandatory', type)]))
  if (summary === 'data')
    return (_type, body) => project(body, new Set(namesIn(body).filter((name) => name !== 'text')))
  return undefined
}

/** `Patient.name` counts for Patient only; `value` is valueQuantity and each other type that it may have. */
function namedFor(type: string, text: string): readonly string[] {
  const [first = '', second] = text.split('.')
  if (second !== undefined && first !== type) return []
  const element = elementOf(type, second ?? first)
  return element ? element.types.map(({ name }) => jsonName(element, name)) : []
}

function members(which: 'summary' | 'mandatory', type: string): readonly string[] {
  return summaryElementTable()[which][type]?.split(' ') ?? []
}

function namesIn(body: string): readonly string[] {
  return memberSpans(body).map(({ key }) => (key.startsWith('_') ? key.slice(1) : key))
}
