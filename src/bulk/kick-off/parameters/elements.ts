import { elementRules, isResourceType } from '#fhir'
import { valueAt } from '#lib'
import type { ExportRequest } from '../../export.ts'
import { leniently, listOf, type Reading, unfit } from './reading.ts'

/** `_elements` by type; under `*` those of every type. https://hl7.org/fhir/uv/bulkdata/export.html#query-parameters */
export function readElements(reading: Reading, types: readonly string[]): ExportRequest['elements'] {
  const read = listOf(reading, '_elements').flatMap((name) => leniently(reading, () => readElement(name, types)) ?? [])
  if (read.length === 0) return undefined
  const byType = Map.groupBy(read, ({ type }) => type)
  return Object.fromEntries([...byType].map(([type, same]) => [type, same.map(({ element }) => element)]))
}

function readElement(text: string, types: readonly string[]) {
  const [first = '', element, ...deeper] = text.split('.')
  if (deeper.length > 0) throw unfit('_elements', `"${text}" lies deeper than the elements of a resource's own`)
  if (element === undefined) {
    if (types.some((type) => hasElement(type, first))) return { type: '*', element: first }
    throw unfit('_elements', `no type that is exported has an element "${first}"`)
  }
  if (!isResourceType(first)) throw unfit('_elements', `"${first}" in "${text}" is not a resource type of FHIR R4`)
  if (!types.includes(first)) throw unfit('_elements', `${first} is not among the types that are exported`)
  if (!hasElement(first, element)) throw unfit('_elements', `${first} has no element "${element}"`)
  return { type: first, element }
}

const known = new Map<string, ReadonlySet<string>>()

/** Reading the rules of every type for every name that is asked would keep all others waiting. */
function hasElement(type: string, element: string): boolean {
  return valueAt(known, type, () => new Set((elementRules(type) ?? []).map(({ name }) => name))).has(element)
}
