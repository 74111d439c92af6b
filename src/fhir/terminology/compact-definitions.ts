import type { Concept, Part, ValueSetRule } from './tables.ts'

interface GivenConcept {
  readonly code: string
  readonly display?: string
  readonly property?: readonly { readonly code: string; readonly valueCode?: string }[]
  readonly concept?: readonly GivenConcept[]
}

export interface GivenCodeSystem {
  readonly url: string
  readonly name: string
  readonly version?: string
  readonly content: string
  readonly concept?: readonly GivenConcept[]
}

interface GivenPart {
  readonly system?: string
  readonly concept?: readonly GivenConcept[]
  readonly filter?: readonly { readonly property: string; readonly op: string; readonly value: string }[]
  readonly valueSet?: readonly string[]
}

export interface GivenValueSet {
  readonly url: string
  readonly name: string
  readonly version?: string
  readonly compose?: { readonly include: readonly GivenPart[]; readonly exclude?: readonly GivenPart[] }
}

/** The concepts of a CodeSystem resource: nested ones and those named by `child` or `parent` properties know their parents. */
export function compactCodeSystem(system: GivenCodeSystem): readonly Concept[] {
  const flat: { concept: GivenConcept; parents: number[] }[] = []
  const indexes = new Map<string, number>()
  const add = (concepts: readonly GivenConcept[], parent?: number) => {
    for (const concept of concepts) {
      const index = flat.push({ concept, parents: parent === undefined ? [] : [parent] }) - 1
      indexes.set(concept.code, index)
      add(concept.concept ?? [], index)
    }
  }
  add(system.concept ?? [])
  for (const [index, { concept }] of flat.entries()) {
    for (const { code, valueCode = '' } of concept.property ?? []) {
      const other = indexes.get(valueCode)
      if (other === undefined) continue
      if (code === 'child') link(flat[other]?.parents, index)
      if (code === 'parent' || code === 'subsumedBy') link(flat[index]?.parents, other)
    }
  }
  return flat.map(({ concept, parents }) => compactConcept(concept, parents))
}

function link(parents: number[] | undefined, parent: number): void {
  if (parents && !parents.includes(parent)) parents.push(parent)
}

function compactConcept({ code, display = code }: GivenConcept, parents: readonly number[]): Concept {
  if (parents.length > 0) return [code, display === code ? '' : display, ...parents]
  return display === code ? code : [code, display]
}

/** The rule of a ValueSet resource; `displayOf` tells the displays that need not be repeated. */
export function compactValueSet(
  { compose }: GivenValueSet,
  displayOf: (system: string, code: string) => string | undefined,
): ValueSetRule {
  const part = ({ system, concept, filter, valueSet }: GivenPart): Part => ({
    ...(system !== undefined && { system }),
    ...(concept && {
      codes: concept.map(({ code, display = code }) =>
        display === (displayOf(system ?? '', code) ?? code) ? code : ([code, display] as const),
      ),
    }),
    ...(filter && { filters: filter.map(({ property, op, value }) => [property, op, value] as const) }),
    ...(valueSet && { sets: valueSet }),
  })
  const exclude = compose?.exclude?.map(part)
  return { include: (compose?.include ?? []).map(part), ...(exclude && { exclude }) }
}
