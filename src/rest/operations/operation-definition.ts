import type { Call } from '#http'
import type { Operation } from './operation.ts'
import type { Parameter } from './parameters/parameter.ts'

/**
 * The definition of an operation as it is offered here, with its limits; undefined when none has this id. It is computed;
 * a practice that stores an OperationDefinition under the same id reads what it stored.
 * https://hl7.org/fhir/R4/operationdefinition.html
 */
export function operationDefinition(
  { base, practice }: Pick<Call, 'base' | 'practice'>,
  id: string,
  operations: readonly Operation[],
) {
  const operation = operations.find((each) => definitionId(each) === id)
  if (!operation) return undefined
  const { code, definition, documentation, on, resources, affectsState } = operation
  return {
    resourceType: 'OperationDefinition',
    id,
    url: `${base}/OperationDefinition/${id}`,
    name: id.replaceAll(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase()),
    title: `$${code}`,
    status: 'active',
    kind: 'operation',
    publisher: practice.name,
    description: documentation,
    affectsState,
    code,
    base: definition,
    ...(resources.length > 0 && { resource: resources }),
    system: on.includes('system'),
    type: on.includes('type'),
    instance: on.includes('instance'),
    ...parametersOf(operation),
  }
}

/** The last part of its canonical. */
export function definitionId({ definition }: Pick<Operation, 'definition'>): string {
  return definition.slice(definition.lastIndexOf('/') + 1)
}

function parametersOf({ parameters, out }: Operation) {
  const all = [...listOf('in', parameters), ...listOf('out', out)]
  return all.length > 0 ? { parameter: all } : {}
}

function listOf(use: 'in' | 'out', table: Operation['parameters'] | Operation['out']): object[] {
  return Object.entries(table).map(([name, parameter]) => {
    const { type, min, max, documentation } = parameter
    const { part } = parameter as Partial<Parameter>
    const what = part ? { part: listOf(use, part) } : { type }
    return { name, use, min, max: String(max), documentation, ...what }
  })
}
