import type { Package } from '../read-package.ts'

/** https://hl7.org/fhir/R4/compartmentdefinition.html: compartment, resource type, parameters; `{def}` is the resource itself. */
export function compartments(core: Package) {
  const table: Record<string, Record<string, string[]>> = {}
  for (const definition of core.of('CompartmentDefinition')) {
    if (definition.id.toLowerCase() !== definition.code.toLowerCase()) continue // the example of the specification
    const types = definition.resource.filter((resource: { param?: string[] }) => resource.param)
    table[definition.code] = Object.fromEntries(
      types.map(({ code, param }: { code: string; param: string[] }) => [code, param.map(codeOf)]),
    )
  }
  return table
}

function codeOf(parameter: string) {
  return parameter === '{def}' ? '_id' : parameter
}
