import { askedElements } from '#fhir'
import type { ExportRequest } from '../../export.ts'

/** Besides `resourceType`, `id`, `meta` and what the type must have: what changes the meaning of all the rest. */
const modifiers = ['implicitRules', 'modifierExtension']

/**
 * Root elements that `_elements` leaves to a type: what was asked for it or for every type, and what must be there;
 * undefined where nothing was asked, so that its lines stay whole. `project` of #fhir makes the line. https://hl7.org/fhir/uv/bulkdata/export.html#query-parameters
 */
export function elementsOf(type: string, elements: ExportRequest['elements']): ReadonlySet<string> | undefined {
  const asked = [...(elements?.['*'] ?? []), ...(elements?.[type] ?? [])]
  return asked.length === 0 ? undefined : askedElements(type, [...asked, ...modifiers])
}
