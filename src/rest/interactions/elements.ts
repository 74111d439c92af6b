import { askedElements, mandatoryElements, memberSpans, project, summaryElements } from '#fhir'

/** Makes of a stored body what leaves; undefined: it leaves as it is stored. */
export type Shape = (type: string, body: string) => string

/**
 * https://hl7.org/fhir/R4/search.html#summary and #elements; what is mandatory always comes along, so that what leaves
 * is a resource still.
 */
export function shapeOf(summary: string | undefined, elements: readonly string[]): Shape | undefined {
  if (elements.length > 0) return (type, body) => project(body, askedElements(type, elements))
  if (summary === 'true') return (type, body) => project(body, summaryElements(type))
  if (summary === 'text') return (type, body) => project(body, new Set(['text', ...mandatoryElements(type)]))
  if (summary === 'data') return (_type, body) => project(body, namesButText(body))
  return undefined
}

function namesButText(body: string): ReadonlySet<string> {
  const names = memberSpans(body).map(({ key }) => (key.startsWith('_') ? key.slice(1) : key))
  return new Set(names.filter((name) => name !== 'text'))
}
