import { type SearchParameter, searchParametersOf } from '#fhir'
import type { Route, WriteRules } from '#http'
import { isFor, type Operation } from '../operations/operation.ts'
import { typeInteractions } from './interactions.ts'
import { combinations, includesByTarget, supportedProfiles } from './us-core.ts'

interface Offered {
  readonly types: readonly string[]
  readonly routes: readonly Route[]
  readonly operations: readonly Operation[]
  readonly extensionsOf: (type: string) => readonly object[]
  readonly writes: WriteRules | undefined
}

/** What is offered for one resource type: an entry of `rest.resource`. */
export function resourceCapability(type: string, offer: Offered) {
  const { types, routes, operations, extensionsOf, writes } = offer
  const interaction = typeInteractions(type, routes, writes)
  const parameters = [...searchParametersOf(type).values()]
  const together = combinations(type).filter((codes) => codes.every((code) => searchParametersOf(type).has(code)))
  const offered = offeredOperations(operations, writes).filter(
    (operation) => operation.on.some((level) => level !== 'system') && isFor(operation, type),
  )
  return withoutEmpty({
    extension: [...together.map(combination), ...extensionsOf(type)],
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    supportedProfile: supportedProfiles(type),
    interaction,
    versioning: interaction.some(({ code }) => code === 'update') ? 'versioned-update' : 'versioned',
    readHistory: true,
    conditionalRead: 'full-support',
    ...(interaction.some(({ code }) => code === 'create') && conditionalWrites(writes)),
    referencePolicy: ['literal', 'local', ...(writes?.references === 'refuse' ? ['enforced'] : [])],
    searchInclude: [`${type}:*`, ...includesOf(parameters), ...includesByTarget(type)],
    searchRevInclude: revIncludes(types).get(type) ?? [],
    searchParam: parameters.map(searchParam),
    operation: offered.flatMap(operationCapability),
  })
}

function conditionalWrites(writes: WriteRules | undefined) {
  const updateCreate = writes?.updateCreates ?? false
  return { updateCreate, conditionalCreate: true, conditionalUpdate: true, conditionalDelete: 'single' }
}

/** Where nothing can be written, what changes something is not offered. */
export function offeredOperations(operations: readonly Operation[], writes: WriteRules | undefined) {
  return writes ? operations : operations.filter(({ affectsState }) => !affectsState)
}

export function operationCapability({ code, alsoListedAs, definition, documentation }: Operation) {
  return [code, alsoListedAs].flatMap((name) => (name === undefined ? [] : [{ name, definition, documentation }]))
}

/** https://hl7.org/fhir/extensions/StructureDefinition-capabilitystatement-search-parameter-combination.html */
function combination(codes: readonly string[]) {
  return {
    url: 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination',
    extension: codes.map((code) => ({ url: 'required', valueString: code })),
  }
}

function searchParam({ code, url, type, description }: SearchParameter) {
  const documentation = code === '_lastUpdated' ? lastUpdated : description
  return { name: code, definition: url, type, ...(documentation && { documentation }) }
}

/** US Core asks to say which changes it shows. */
const lastUpdated =
  'Time of the last change of any part of the resource on this server, a new status among them; storing the same content again is no change'

function includesOf(parameters: readonly SearchParameter[]): readonly string[] {
  return parameters.filter(({ type }) => type === 'reference').map(({ base, code }) => `${base}:${code}`)
}

const known = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>()

/** For each type the reference parameters of all types that may lead to it. */
function revIncludes(types: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const held = known.get(types)
  if (held) return held
  const found = new Map<string, string[]>(types.map((type) => [type, []]))
  for (const type of types) {
    for (const { type: kind, code, targets } of searchParametersOf(type).values()) {
      if (kind === 'reference') for (const target of targets) found.get(target)?.push(`${type}:${code}`)
    }
  }
  known.set(types, found)
  return found
}

function withoutEmpty<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  ) as Partial<T>
}
