import type { ElementType } from '../definitions/elements.ts'
import { compilePath, type Walk } from './compile.ts'
import { type Path, pathsOf, pathText } from './path.ts'
import type { Source, SourceUse, Visit } from './query.ts'

/** Part of every key: changing it re-indexes everything. */
const algorithm = 'v1'

export interface FoundSource extends SourceUse {
  readonly endings: readonly ElementType[]
}

/** The sources of one resource type; the same path is the same object. */
export function sourcesFor(resourceType: string) {
  const known = new Map<string, { readonly source: Source; readonly endings: readonly ElementType[] }>()

  function sourceOf(path: Path): FoundSource | undefined {
    const text = pathText({ ...path, root: resourceType })
    let found = known.get(text)
    if (!found) {
      const compiled = compilePath(path, resourceType, resourceType)
      if (!compiled) return undefined
      found = { source: { key: keyOf(resourceType, text), path: text, each: compiled.each }, endings: compiled.endings }
      known.set(text, found)
    }
    return { ...found, ...(path.onlyTarget && { onlyTarget: path.onlyTarget }) }
  }

  /** One for each alternative of the expression that starts at this type. */
  function of(expression: string): FoundSource[] {
    const paths = pathsOf(expression).filter(({ root }) => !root || startsAt(root, resourceType))
    const found = paths.map(sourceOf).filter((use) => use !== undefined)
    return found.filter((use, at) => found.findIndex((other) => isSameUse(use, other)) === at)
  }

  return { of }
}

function startsAt(root: string, resourceType: string) {
  return root === resourceType || root === 'Resource' || root === 'DomainResource'
}

function isSameUse(a: SourceUse, b: SourceUse) {
  return a.source === b.source && a.onlyTarget === b.onlyTarget
}

/** What a composite looks at: the elements of its expression, which may include the resource itself. */
export function contextSource(resourceType: string, expression: string, seesResource: boolean): Source | undefined {
  const paths = pathsOf(expression).filter(({ root }) => root === resourceType)
  if (paths.length === 1 && paths[0]?.steps.length === 0) return undefined
  const walks = paths
    .map((path) => compilePath(path, resourceType, resourceType)?.each)
    .filter((walk) => walk !== undefined)
  const text = paths.map(pathText).join(' | ')
  const each: Walk = (resource, visit) => {
    const seen: Visit = seesResource
      ? (value, type) => visit({ ...(value as object), '%resource': resource }, type)
      : visit
    for (const walk of walks) walk(resource, seen)
  }
  return { key: keyOf(resourceType, text), path: text, each }
}

/** A part of a composite, evaluated on one of the context's elements. */
export function partSource(resourceType: string, context: string, expression: string): FoundSource | undefined {
  const compiled = pathsOf(context)
    .filter(({ root }) => root === resourceType)
    .map((path) => compileParts(path, resourceType, expression))
  const [first, second] = compiled
  if (!first) return undefined
  // A context of two kinds, the resource itself and an element of it: what has a resourceType is the resource.
  const each: Walk = second
    ? (value, visit) => ('resourceType' in value ? first : second).each(value, visit)
    : first.each
  const text = pathsOf(expression).map(pathText).join(' | ')
  const source = { key: keyOf(`${resourceType}>${context}`, text), path: text, each }
  return { source, endings: compiled.flatMap(({ endings }) => endings) }
}

function compileParts(context: Path, resourceType: string, expression: string) {
  const start = compilePath(context, resourceType, resourceType)?.endings[0]?.name ?? resourceType
  const parts = pathsOf(expression)
    .map((path) => compilePath(path, start, resourceType))
    .filter((part) => part !== undefined)
  const each: Walk = (value, visit) => {
    for (const part of parts) part.each(value, visit)
  }
  return { each, endings: parts.flatMap(({ endings }) => endings) }
}

/** FNV-1a, as PostgreSQL's integer. */
function keyOf(base: string, path: string): number {
  let hash = 0x811c9dc5
  for (const character of `${base}|${path}|${algorithm}`) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  }
  return hash | 0
}
