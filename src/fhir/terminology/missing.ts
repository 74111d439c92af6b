import type { Part, ValueSetRule } from './tables.ts'
import type { Terminology } from './terminology.ts'

/** What a value set needs and is not here. */
export type Missing =
  | { readonly kind: 'CodeSystem'; readonly url: string }
  | { readonly kind: 'ValueSet'; readonly url: string }
  /** The code system is here, what the filter asks of its codes is not. */
  | { readonly kind: 'filter'; readonly url: string; readonly filter: string }
  | { readonly kind: 'circle'; readonly url: string }

/** Why a rule cannot be expanded: each thing once. */
export function missingFor(rule: ValueSetRule, terminology: Terminology): readonly Missing[] {
  const found = new Map<string, Missing>()
  const add = (missing: Missing) => found.set(Object.values(missing).join(' '), missing)
  const visit = ({ include, exclude = [] }: ValueSetRule, above: readonly string[]) => {
    for (const part of [...include, ...exclude]) {
      for (const missing of missingInSystem(part, terminology)) add(missing)
      for (const url of part.sets ?? []) {
        const inner = terminology.rule(url)
        if (above.includes(url)) add({ kind: 'circle', url })
        else if (!inner) add({ kind: 'ValueSet', url })
        else if (!terminology.expand(url)) visit(inner, [...above, url])
      }
    }
  }
  visit(rule, [])
  return [...found.values()]
}

const filtersKnown = new Set(['is-a', 'descendent-of', 'is-not-a', 'generalizes', '=', 'in'])

function missingInSystem({ system, codes, filters = [] }: Part, terminology: Terminology): readonly Missing[] {
  if (system === undefined || codes) return []
  if (!terminology.codeSystem(system)) return [{ kind: 'CodeSystem', url: system }]
  return filters
    .filter(([property, operator]) => !['concept', 'code'].includes(property) || !filtersKnown.has(operator))
    .map((filter) => ({ kind: 'filter', url: system, filter: filter.join(' ') }))
}
