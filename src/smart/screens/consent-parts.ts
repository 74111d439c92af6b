/**
 * What a person can say yes to, from the scopes that an app asked for, and what their answer grants. A scope is cut into
 * parts: each resource type of a star, seeing and changing apart; Condition and Observation have categories below
 * (specs/certification.md 2.12). Whoever takes all parts of a scope grants it as it was asked; else the parts taken.
 */
import { type Level, parseScopes, type ResourceScope } from '#access'
import { categoriesOf } from './categories.ts'
import { starTypes } from './record-groups.ts'

export interface ConsentPart {
  /** What its checkbox posts, and what it grants: one scope. */
  readonly value: string
  readonly level: Level
  readonly type: string
  readonly doing: 'see' | 'change'
  /** The category of a scope that was asked with one; the constraint itself where it is none that we know. */
  readonly category?: string
  /** Parts that may be taken in its place. */
  readonly instead: readonly { readonly value: string; readonly category: string }[]
}

const seeing: ReadonlySet<string> = new Set(['read', 'search'])

/** In the order asked; each once. */
export function consentParts(requested: string): readonly ConsentPart[] {
  const all = parseScopes(requested).resources.flatMap(partsOf)
  return [...new Map(all.map((part) => [part.value, part])).values()]
}

/** The resource scopes granted by the ticked values; what was not offered grants nothing. */
export function grantedScopes(requested: string, ticked: readonly string[]): readonly string[] {
  const taken = new Set(ticked)
  const granted = parseScopes(requested).resources.flatMap((scope) => {
    const parts = partsOf(scope)
    if (parts.length > 0 && parts.every(({ value }) => taken.has(value))) return [scope.text]
    return parts.flatMap(({ value, instead }) => {
      if (taken.has(value)) return [value]
      return instead.flatMap((each) => (taken.has(each.value) ? [each.value] : []))
    })
  })
  return [...new Set(granted)]
}

const mostParts = 900
const mostLetters = 500_000

/** Whether the parts of these scopes fit on a page: a form that comes back has at most a thousand fields. */
export function fitOnPage(scopes: readonly ResourceScope[]): boolean {
  const counts = scopes.map(({ type, interactions }) => {
    const sees = [...interactions].filter((interaction) => seeing.has(interaction)).length
    const kinds = sees === 0 || sees === interactions.size ? 1 : 2
    return kinds * (type === '*' ? starTypes.length : 1)
  })
  const parts = counts.reduce((sum, count) => sum + count, 0)
  const letters = scopes.reduce((sum, { text }, i) => sum + text.length * (counts[i] ?? 0), 0)
  return parts <= mostParts && letters <= mostLetters
}

function partsOf(scope: ResourceScope): ConsentPart[] {
  const types = scope.type === '*' ? starTypes : [scope.type]
  const wanted = [...scope.interactions]
  const sees = wanted.filter((interaction) => seeing.has(interaction))
  const changes = wanted.filter((interaction) => !seeing.has(interaction))
  return types.flatMap((type) => [
    ...(sees.length > 0 ? [partOf(scope, type, sees)] : []),
    ...(changes.length > 0 ? [partOf(scope, type, changes)] : []),
  ])
}

const letterOf: Readonly<Record<string, string>> = { create: 'c', read: 'r', update: 'u', delete: 'd', search: 's' }

function partOf(
  { text, level, constraint }: ResourceScope,
  type: string,
  interactions: readonly string[],
): ConsentPart {
  const doing = interactions.some((interaction) => seeing.has(interaction)) ? 'see' : 'change'
  const letters = ['create', 'read', 'update', 'delete', 'search'].filter((each) => interactions.includes(each))
  const inLetters = letters.map((each) => letterOf[each]).join('')
  const operations = /\.(?:read|write|\*)$/.test(text) ? (doing === 'see' ? 'read' : 'write') : inLetters
  const query = constraint && `?${constraint}`
  const categories = doing === 'see' && constraint === '' ? categoriesOf(type) : []
  return {
    ...{ value: `${level}/${type}.${operations}${query}`, level, type, doing },
    ...(constraint !== '' && { category: categoryIn(type, constraint) }),
    instead: categories.map(({ system, code }) => ({
      value: `${level}/${type}.${inLetters}?category=${system}|${code}`,
      category: code,
    })),
  }
}

function categoryIn(type: string, constraint: string): string {
  const value = decoded(/^category=([^&]*)$/.exec(constraint)?.[1] ?? '')
  const code = value.slice(value.lastIndexOf('|') + 1)
  return categoriesOf(type).some((each) => each.code === code) ? code : decoded(constraint)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
