/** Every search parameter of a type with resources made for it, one query that finds them all and one that finds none. */
import { type CompositePart, elementRules, resourceTypes, type SearchParameter, searchParametersOf } from '#fhir'
import { elementsAt, type Made, merged } from './sample-resources.ts'

export interface ParameterSamples {
  readonly parameter: SearchParameter
  readonly resources: readonly { readonly resourceType: string; readonly id: string }[]
  /** Query strings. */
  readonly finds: string
  readonly misses: string
}

interface SampleResource {
  readonly resource: object
  readonly finds: string
  readonly misses: readonly string[]
  readonly isUnique: boolean
}

let latest = 0
const number = () => ++latest

export function samplesOf(type: string): ParameterSamples[] {
  return [...searchParametersOf(type).values()].filter(({ code }) => !inColumns.has(code)).map(samplesFor)
}

/** What the server itself writes: the id and the time. */
export const inColumns: ReadonlySet<string> = new Set(['_id', '_lastUpdated'])

export const sampledTypes = resourceTypes

function samplesFor(parameter: SearchParameter): ParameterSamples {
  const { base, code } = parameter
  const samples = parameter.type === 'composite' ? ofComposite(parameter) : ofPaths(parameter)
  const resources = samples.map(({ resource }, at) => ({
    resourceType: base,
    id: `${code.replace('_', '.')}-${at}`,
    ...resource,
  }))
  const own = samples.every(({ isUnique }) => isUnique) ? '' : `&_id=${resources.map(({ id }) => id)}`
  return {
    parameter,
    resources,
    finds: `${code}=${valuesOf(samples.map(({ finds }) => finds))}${own}`,
    misses: `${code}=${valuesOf(samples.flatMap(({ misses }) => misses))}${own}`,
  }
}

const valuesOf = (values: readonly string[]) => [...new Set(values)].map(encodeURIComponent).join(',')

function ofPaths(parameter: SearchParameter): SampleResource[] {
  return parameter.sources.flatMap(({ source, onlyTarget }) => {
    const place = { kind: parameter.type, targets: onlyTarget ? [onlyTarget] : parameter.targets, number }
    const made = elementsAt(parameter.base, source.path.replace(/^\w+\./, ''), place)
    return made.map(({ element, ...sample }) => ({ ...sample, resource: element, misses: [sample.misses] }))
  })
}

function ofComposite(parameter: SearchParameter): SampleResource[] {
  const contexts = parameter.context?.path.split(' | ') ?? [parameter.base]
  return contexts.flatMap((context) => {
    const path = context.split('.').slice(1)
    const rows = combinations(parameter.components.map((part) => partsAt(parameter.base, path, part)))
    return rows.map((parts) => ({
      resource: parts.map(({ element }) => element).reduce(merged),
      finds: parts.map(({ finds }) => finds).join('$'),
      misses: parts.map((_, at) => parts.map(({ finds, misses }, place) => (place === at ? misses : finds)).join('$')),
      isUnique: parts.some(({ isUnique }) => isUnique),
    }))
  })
}

/** A part's elements inside of the context, or of the resource itself. */
function partsAt(base: string, context: readonly string[], { type: kind, source }: CompositePart): Made[] {
  return source.path.split(' | ').flatMap((path) => {
    const isOfResource = path.startsWith('%resource.')
    const steps = isOfResource ? [] : context
    const place = { kind, targets: [], number }
    const made = elementsAt(typeAt(base, steps), path.replace('%resource.', ''), place)
    return made.map((each) => ({ ...each, element: under(base, steps, each.element) }))
  })
}

function typeAt(base: string, steps: readonly string[]): string {
  return steps.reduce((type, step) => ruleOf(type, step)?.types[0] ?? '', base)
}

function under(base: string, [step, ...rest]: readonly string[], element: Made['element']): Made['element'] {
  if (step === undefined) return element
  const rule = ruleOf(base, step)
  const inner = under(rule?.types[0] ?? '', rest, element)
  return { [step]: rule?.isArray ? [inner] : inner }
}

function ruleOf(type: string, name: string) {
  return elementRules(type)?.find((each) => each.name === name)
}

/** The first of each part, and each of the others once with the first of the rest. */
function combinations(parts: readonly (readonly Made[])[]): Made[][] {
  const firsts = parts.flatMap(([first]) => first ?? [])
  if (firsts.length < parts.length) return []
  const others = parts.flatMap((choices, at) => choices.slice(1).map((choice) => firsts.with(at, choice)))
  return [firsts, ...others]
}
