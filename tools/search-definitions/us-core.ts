import type { Definition, Package } from '../read-package.ts'

type ByExpectation = Record<string, string[]>

/** What US Core's CapabilityStatement asks of a server, by version and resource type; expectations are SHALL, SHOULD and MAY. */
export function usCoreCapabilities(version: Package) {
  const statement = version.of('CapabilityStatement').find(({ id }) => id === 'us-core-server')
  const declared = new Map(version.of('SearchParameter').map((parameter) => [parameter.url, parameter]))
  const resources = statement.rest[0].resource.map((resource: Definition) => [
    resource.type,
    capability(resource, declared),
  ])
  return { [version.version]: Object.fromEntries(resources) }
}

function capability(resource: Definition, declared: ReadonlyMap<string, Definition>) {
  return {
    expectation: expectationOf(resource),
    profiles: resource.supportedProfile ?? [],
    interactions: byExpectation(resource.interaction, ({ code }) => code),
    parameters: (resource.searchParam ?? []).map((parameter: Definition) => ({
      code: parameter.name,
      type: parameter.type,
      definition: parameter.definition,
      expectation: expectationOf(parameter),
      ...usage(declared.get(parameter.definition)),
    })),
    combinations: combinations(resource),
    include: texts(resource.searchInclude, resource._searchInclude),
    revinclude: texts(resource.searchRevInclude, resource._searchRevInclude),
    operations: byExpectation(resource.operation, ({ name, definition }) => `${name} ${definition}`),
  }
}

/** Comparators, modifiers, and lists of values, each as far as it must be there. */
function usage(parameter: Definition) {
  if (!parameter) return {}
  const comparators = demanded(parameter.comparator, parameter._comparator)
  const modifiers = demanded(parameter.modifier, parameter._modifier)
  return {
    ...(expectationOf(parameter._multipleOr) === 'SHALL' && { multipleOr: true }),
    ...(expectationOf(parameter._multipleAnd) === 'SHALL' && { multipleAnd: true }),
    ...(comparators.length > 0 && { comparators }),
    ...(modifiers.length > 0 && { modifiers }),
  }
}

function demanded(values: string[] = [], extended: Definition[] = []) {
  return values.filter((_, index) => expectationOf(extended[index]) === 'SHALL')
}

function combinations(resource: Definition): ByExpectation {
  const found = extensions(resource).filter(({ url }) => url.endsWith('search-parameter-combination'))
  return byExpectation(found, (combination) =>
    extensions(combination)
      .filter(({ url }) => url === 'required')
      .map(({ valueString }) => valueString)
      .join('+'),
  )
}

function texts(values: string[] = [], extended: Definition[] = []): ByExpectation {
  return byExpectation(
    values.map((text, index) => ({ ...extended[index], text })),
    ({ text }) => text,
  )
}

function byExpectation(entries: Definition[] = [], textOf: (entry: Definition) => string): ByExpectation {
  const found: ByExpectation = {}
  for (const entry of entries) {
    const expectation = expectationOf(entry) ?? 'SHOULD'
    found[expectation] = [...(found[expectation] ?? []), textOf(entry)]
  }
  return found
}

function expectationOf(entry: Definition): string | undefined {
  return extensions(entry).find(({ url }) => url.endsWith('capabilitystatement-expectation'))?.valueCode
}

function extensions(entry: Definition): Definition[] {
  return entry?.extension ?? []
}
