import { type ElementRule, elementRules, jsonNameOf } from './structures.ts'

const summaries = new Map<string, ReadonlySet<string>>()
const mandatory = new Map<string, ReadonlySet<string>>()

/** Names in JSON of the top-level elements that `_summary=true` shows. https://hl7.org/fhir/R4/search.html#summary */
export function summaryElements(type: string): ReadonlySet<string> {
  return cached(summaries, type, ({ isSummary, min }) => isSummary || min > 0)
}

/** Names in JSON of the top-level elements that a resource of the type must have. */
export function mandatoryElements(type: string): ReadonlySet<string> {
  return cached(mandatory, type, ({ min }) => min > 0)
}

/** `_elements`: what was asked for and what must be there; `value` means each of valueQuantity, valueString … */
export function askedElements(type: string, names: readonly string[]): ReadonlySet<string> {
  const asked = new Set(names)
  const shown = namesOf(type, ({ name, min }) => min > 0 || asked.has(name) || asked.has(`${name}[x]`))
  return new Set([...shown, ...names])
}

function cached(cache: Map<string, ReadonlySet<string>>, type: string, isShown: (element: ElementRule) => boolean) {
  const known = cache.get(type) ?? new Set(namesOf(type, isShown))
  cache.set(type, known)
  return known
}

function namesOf(type: string, isShown: (element: ElementRule) => boolean): readonly string[] {
  const elements = elementRules(type)
  if (!elements) throw new TypeError(`${type} is not a type of R4`)
  return elements.filter(isShown).flatMap((element) => element.types.map((name) => jsonNameOf(element, name)))
}
