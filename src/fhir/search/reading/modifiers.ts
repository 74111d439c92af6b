import { Problem } from '#lib'
import type { Modifier, SearchParameter, SearchType } from '../query.ts'

/** https://hl7.org/fhir/R4/search.html#modifiers */
export const modifiersOf = {
  string: ['missing', 'exact', 'contains'],
  token: ['missing', 'text', 'not', 'above', 'below', 'in', 'not-in', 'of-type'],
  reference: ['missing', 'identifier'],
  uri: ['missing', 'above', 'below'],
  date: ['missing'],
  number: ['missing'],
  quantity: ['missing'],
  composite: [],
  special: [],
} satisfies Record<SearchType, readonly Modifier[]>

/** A modifier, or the type that a reference has to lead to (`subject:Patient`). */
export function readModifier(
  parameter: SearchParameter,
  text: string | undefined,
  { name, asked }: { readonly name: string; readonly asked: string },
): { readonly modifier?: Modifier; readonly onlyTarget?: string } {
  if (text === undefined) return {}
  if (parameter.type === 'reference' && parameter.targets.includes(text)) return { onlyTarget: text }
  const allowed: readonly Modifier[] = modifiersOf[parameter.type]
  const modifier = allowed.find((each) => each === text)
  if (modifier) return { modifier }
  const types = parameter.type === 'reference' ? ` and :${parameter.targets.slice(0, 20).join(', :')}` : ''
  const offer = allowed.length === 0 ? 'no modifier' : `:${allowed.join(', :')}${types}`
  throw new Problem('incorrect', `Cannot search ${parameter.base} by "${name}": it takes ${offer}, not ":${text}"`, {
    expression: asked,
  })
}
