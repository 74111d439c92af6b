import { describedImport, exports } from '#bulk'
import { type Operation, operations as restOperations } from '#rest'

/** docs/operations.md: every operation with its parameters and examples. */
export function operationLines(): readonly string[] {
  return [
    'Below the FHIR base of a practice, by POST with a Parameters resource, and by GET unless something is changed. The definition',
    'of each, with these limits, can be read at the practice as `OperationDefinition/{id}`. A patient of the sandbox is `Patient/p1`.',
    '',
    ...[...restOperations, ...exports, describedImport].flatMap((operation) => [...lines(operation), '']),
  ]
}

type Described = Omit<Operation, 'run'>

function lines(operation: Described): readonly string[] {
  const { documentation, definition, parameters, out, examples } = operation
  return [
    `## ${titleOf(operation)}`,
    '',
    documentation,
    '',
    `At ${placesOf(operation)
      .map((place) => `\`${place}\``)
      .join(', ')}. Definition: \`${definition}\` (\`OperationDefinition/${definition.split('/').at(-1)}\`).`,
    '',
    '| parameter | type | times | meaning |',
    '| --- | --- | --- | --- |',
    ...Object.entries(parameters).flatMap(parameterRows),
    ...Object.entries(out).map(([name, answered]) => row([`answers: ${name}`, answered])),
    '',
    '```text',
    ...examples,
    '```',
  ]
}

function titleOf({ code, resources }: Described): string {
  const [type] = resources
  return type === undefined || type === 'Resource' ? `$${code}` : `${resources.join(', ')}/$${code}`
}

function placesOf({ code, on, resources, affectsState }: Described): readonly string[] {
  const method = affectsState ? 'POST ' : ''
  const types = resources.map((type) => (type === 'Resource' ? '{type}' : type))
  return on.flatMap((level) => {
    if (level === 'system') return [`${method}$${code}`]
    return types.map((type) => `${method}${type}${level === 'instance' ? '/{id}' : ''}/$${code}`)
  })
}

function parameterRows([name, parameter]: [string, Operation['parameters'][string]]): readonly string[] {
  const { part = {}, ...whole } = parameter
  const parts = Object.entries(part).map(([inner, one]) => row([`${name}.${inner}`, one]))
  return parts.length > 0 ? [row([name, { ...whole, type: 'parts' }]), ...parts] : [row([name, whole])]
}

function row([name, { type, min, max, documentation }]: [string, Operation['out'][string]]): string {
  return `| \`${name}\` | ${type} | ${min}..${max} | ${documentation.replaceAll('|', '\\|')} |`
}
