import type { Definition, Package } from '../read-package.ts'

interface Entry {
  readonly code: string
  readonly url: string[]
  readonly type: string
  readonly base: string[]
  readonly expression: string
  readonly target?: string[]
  readonly component?: { readonly definition: string; readonly expression: string }[]
}

/** What R4 and US Core define and we do not read, with the reason. */
const leftOut: Record<string, string> = {
  'Resource-query': 'named queries have operations of their own',
  'Resource-content': 'full text is not indexed',
  'DomainResource-text': 'full text is not indexed',
  filter: 'not offered yet',
  example: 'an example of the specification, the same as Resource-id',
  'example-reference': 'an example of the specification, the same as Condition-subject',
  'example-extension': 'an example of the specification; its expression looks at another type than its base',
  'patient-extensions-Patient-age': 'has no expression and changes from day to day',
}

/** Published expressions that can find nothing as they stand. */
const corrections: Record<string, string> = {
  // There is no such extension; the one that HL7 publishes has this address.
  'patient-extensions-Patient-mothersMaidenName':
    "Patient.extension('http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName')",
  // Published without an expression: "whether a patient was part of a multiple birth or not".
  'patient-extensions-Patient-birthOrderBoolean': 'Patient.multipleBirth.exists() and Patient.multipleBirth != false',
  // 5.0.1 uses the extension of R4, 6.1.0 and 7.0.0 their own.
  'us-core-patient-gender-identity':
    "Patient.extension.where(url='http://hl7.org/fhir/StructureDefinition/patient-genderIdentity').value.coding.code | " +
    "Patient.extension.where(url='http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity').value.coding.code",
}

/** R4's parameters, and those of US Core that R4 lacks; a URL of US Core that means R4's parameter is kept with it. */
export function searchParameters(core: Package, usCore: readonly Package[]) {
  const entries = core.of('SearchParameter').filter(isRead).map(entryOf)
  const newestFirst = usCore.toReversed().flatMap((version) => version.of('SearchParameter'))
  for (const definition of newestFirst) {
    const same = entries.find((entry) => entry.code === definition.code && covers(entry, definition))
    if (!same) entries.push(entryOf(definition))
    else if (!same.url.includes(definition.url)) same.url.push(definition.url)
  }
  entries.sort((a, b) => compare(a.code, b.code) || compare(a.base.join(), b.base.join()))
  return { leftOut, parameters: entries }
}

function covers(entry: Entry, definition: Definition) {
  return definition.base.every((base: string) => entry.base.includes(base) || entry.base.includes('Resource'))
}

/** The extension parameters of CodeSystem and ValueSet were published as empty shells, without base and type. */
function isRead(definition: Definition) {
  return definition.base !== undefined && !(definition.id in leftOut)
}

function entryOf(definition: Definition): Entry {
  const { id, code, url, type, base, component, target } = definition
  return {
    code,
    url: [url],
    type,
    base,
    expression: (corrections[id] ?? definition.expression).replaceAll(/\s+/g, ' '),
    ...(target?.length <= 20 && { target }),
    ...(component && { component: component.map(partOf) }),
  }
}

/** The type is dateTime; one composite of R4 writes it with a capital. */
function partOf({ definition, expression }: Definition) {
  return { definition, expression: expression.replaceAll('DateTime', 'dateTime') }
}

function compare(a: string, b: string) {
  return a < b ? -1 : a > b ? 1 : 0
}
