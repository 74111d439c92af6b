/**
 * Compiles paths to closures. Types are told statically from the element table, so that a choice becomes the look at
 * `valueQuantity`, `valueString`, … and each value is visited with its type; nothing is interpreted when a resource comes.
 */
import { type ElementType, elementOf, isKindOf } from '../definitions/elements.ts'
import { jsonNameOf } from '../definitions/structures.ts'
import type { Path, Step, Test } from './path.ts'
import type { Visit } from './query.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape; what is not there is skipped
type Json = any

export type Walk = (value: Json, visit: Visit) => void

export interface Compiled {
  readonly each: Walk
  /** The types that the path can end in, with what the definitions say about them. */
  readonly endings: readonly ElementType[]
}

/** Undefined when no value can be there: the type has no such element. */
export function compilePath(path: Path, start: string, resourceType: string): Compiled | undefined {
  const endings: ElementType[] = []
  const each = walkFrom(path.steps, { name: start }, { resourceType, endings })
  return each && { each, endings }
}

interface Compilation {
  /** The type that `%resource` has. */
  readonly resourceType: string
  readonly endings: ElementType[]
  /** In a test an extension counts whatever its value. */
  readonly isTest?: boolean
}

const extensionValue: readonly Step[] = [{ kind: 'element', name: 'value' }]

function walkFrom(steps: readonly Step[], type: ElementType, compilation: Compilation): Walk | undefined {
  const [step, ...rest] = steps
  if (!step) {
    // A path that ends in an extension means its value.
    if (type.name === 'Extension' && !compilation.isTest) return walkFrom(extensionValue, type, compilation)
    compilation.endings.push(type)
    return emit(type.name.includes('.') ? 'BackboneElement' : type.name)
  }
  switch (step.kind) {
    case 'element':
      return elementWalk(step, rest, type, compilation)
    case 'type':
      return isKindOf(type.name, step.type) ? walkFrom(rest, type, compilation) : undefined
    case 'where':
      return where(checkOf(step.test, type.name), walkFrom(rest, type, compilation))
    case 'answer':
      compilation.endings.push({ name: 'boolean' })
      return answer(checkOf(step.test, type.name))
  }
}

function elementWalk(
  { name, index }: Extract<Step, { kind: 'element' }>,
  rest: readonly Step[],
  type: ElementType,
  compilation: Compilation,
) {
  if (name === '%resource') return property(name, walkFrom(rest, { name: compilation.resourceType }, compilation))
  const element = elementOf(type.name, name)
  if (!element) return undefined
  const walks = element.types.map((each) =>
    property(jsonNameOf(element, each.name), walkFrom(rest, each, compilation), index),
  )
  return all(walks.filter((walk) => walk !== undefined))
}

function emit(type: string): Walk {
  return (value, visit) => visit(value, type)
}

function answer(check: Check): Walk {
  return (value, visit) => visit(check(value), 'boolean')
}

function all(walks: readonly Walk[]): Walk | undefined {
  if (walks.length < 2) return walks[0]
  return (value, visit) => {
    for (const walk of walks) walk(value, visit)
  }
}

function property(name: string, next: Walk | undefined, index?: number): Walk | undefined {
  if (!next) return undefined
  return (value, visit) => {
    const found = value[name]
    if (found === undefined || found === null) return
    if (!Array.isArray(found)) {
      if (!index) next(found, visit)
    } else if (index !== undefined) {
      if (found[index] !== undefined && found[index] !== null) next(found[index], visit)
    } else {
      for (const each of found) if (each !== null) next(each, visit)
    }
  }
}

function where(check: Check, next: Walk | undefined): Walk | undefined {
  if (!next) return undefined
  return (value, visit) => {
    if (check(value)) next(value, visit)
  }
}

type Check = (value: Json) => boolean

function checkOf(test: Test, type: string): Check {
  switch (test.kind) {
    case 'and':
    case 'or': {
      const left = checkOf(test.left, type)
      const right = checkOf(test.right, type)
      return test.kind === 'and' ? (value) => left(value) && right(value) : (value) => left(value) || right(value)
    }
    case 'exists':
      return anyValue(test.path, type, () => true)
    case 'equals':
      return anyValue(test.path, type, (found) => found === test.value)
    case 'differs':
      return anyValue(test.path, type, (found) => found !== test.value)
  }
}

/** Whether some value of the path meets `wanted`. */
function anyValue(path: readonly Step[], type: string, wanted: (found: unknown) => boolean): Check {
  const walk = walkFrom(path, { name: type }, { resourceType: type, endings: [], isTest: true })
  if (!walk) return () => false
  let isFound = false
  const look: Visit = (found) => {
    if (wanted(found)) isFound = true
  }
  return (value) => {
    isFound = false
    walk(value, look)
    return isFound
  }
}
