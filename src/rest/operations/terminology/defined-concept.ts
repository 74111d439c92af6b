import type { StoredCodeSystem } from '#fhir'

interface Designation {
  readonly language?: string
  readonly use?: object
  readonly value: string
}

interface Property {
  readonly code: string
  readonly [value: `value${string}`]: unknown
}

interface Concept {
  readonly code: string
  readonly definition?: string
  readonly designation?: readonly Designation[]
  readonly property?: readonly Property[]
  readonly concept?: readonly Concept[]
}

/** What a code system that is at hand says of a code besides its display. */
export function definedConcept(system: StoredCodeSystem | undefined, code: string) {
  const found = conceptIn((system?.concept ?? []) as readonly Concept[], code)
  const definition = found?.definition === undefined ? [] : [{ code: 'definition', valueString: found.definition }]
  // parents and children are told by the order of codes
  const property = (found?.property ?? []).filter((each) => each.code !== 'parent' && each.code !== 'child')
  return {
    designation: (found?.designation ?? []).map(
      ({ language, use, value }): Designation => ({ ...(language && { language }), ...(use && { use }), value }),
    ),
    property: [
      ...definition,
      ...property.map(({ code: name, ...value }): Property => ({ code: name, ...onlyValue(value) })),
    ],
  }
}

function onlyValue(property: object): object {
  return Object.fromEntries(Object.entries(property).filter(([key]) => key.startsWith('value')))
}

function conceptIn(concepts: readonly Concept[], code: string): Concept | undefined {
  for (const concept of concepts) {
    const found = concept.code === code ? concept : conceptIn(concept.concept ?? [], code)
    if (found) return found
  }
  return undefined
}
