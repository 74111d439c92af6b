import fhirpath from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'

interface Node {
  readonly fhirNodeDataType?: string
  readonly data?: unknown
}

/** "Coding {…}" */
export type Found = string

export function describe(value: unknown, type: string): Found {
  return `${type} ${JSON.stringify(value)}`
}

/** What `resolve()` would find at the end of a reference, told from its text. */
export function typeBehind(reference: unknown, resource: object): string | undefined {
  const { reference: text = reference, type } = (reference ?? {}) as { reference?: unknown; type?: string }
  if (typeof text !== 'string') return type
  const { contained = [] } = resource as { contained?: { id: string; resourceType: string }[] }
  if (text.startsWith('#')) return contained.find(({ id }) => `#${id}` === text)?.resourceType
  return /([A-Z][A-Za-z]+)\/[^/]+(?:\/_history\/[^/]+)?$/.exec(text)?.[1] ?? type
}

/** Where the published text asks for what fhirpath.js 5.2.0 does not do; the meaning stays. */
const readings: readonly (readonly [pattern: RegExp, reading: string])[] = [
  // Nothing is fetched here: the type is told from the reference.
  [/resolve\(\) is (\w+)/g, "leadsTo('$1')"],
  // `as` refuses several values; search parameters mean each of them.
  [/\((\S+) as (\w+)\)/g, '$1.ofType($2)'],
  [/\.as\(/g, '.ofType('],
]

let resource: object = {}

function dataOf(node: unknown) {
  return (node as Node).fhirNodeDataType === undefined ? node : (node as Node).data
}

const ownFunctions = {
  leadsTo: {
    fn: ([node]: unknown[], type: string) => node !== undefined && typeBehind(dataOf(node), resource) === type,
    arity: { 1: ['String' as const] },
    internalStructures: true,
  },
  // Not a function of FHIRPath, yet one published expression uses it.
  hasExtension: {
    fn: (nodes: unknown[], url: string) =>
      nodes.some((node) =>
        (dataOf(node) as { extension?: { url: string }[] }).extension?.some((each) => each.url === url),
      ),
    arity: { 1: ['String' as const] },
    internalStructures: true,
  },
}

const options = { resolveInternalTypes: false, userInvocationTable: ownFunctions }
const model = r4 as Parameters<typeof fhirpath.compile>[1]
const compiled = new Map<string, (data: unknown, variables: object) => unknown>()

/** Evaluates a published expression with fhirpath.js; `base` is the type of `value` when that is not a resource. */
export function evaluate(expression: string, value: object, within: object, base?: string): Set<Found> {
  resource = within
  // One by one: a union compares values to drop doubles, which fails for quantities with a comparator.
  const nodes = expression.split('|').flatMap((alternative) => compile(alternative, base)(value, { resource: within }))
  return new Set(nodes.map(foundOf))
}

function compile(alternative: string, base?: string) {
  const key = `${base} ${alternative}`
  const text = readings.reduce((before, [pattern, reading]) => before.replaceAll(pattern, reading), alternative)
  const run = compiled.get(key) ?? fhirpath.compile(base ? { base, expression: text } : text, model, options)
  compiled.set(key, run)
  return run
}

/** fhirpath.js knows ids by FHIRPath's own name for text. */
function foundOf(node: unknown): Found {
  const type = (node as Node).fhirNodeDataType ?? typeof node
  return describe(dataOf(node), type.replace('System.String', 'id'))
}
