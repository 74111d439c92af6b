import { Problem } from '#lib'
import { operation } from './operation.ts'
import { type AskedCodeSystem, askedCodeSystem } from './terminology/asked-code-system.ts'
import { askedCodings } from './terminology/asked-codings.ts'
import { definedConcept } from './terminology/defined-concept.ts'
import { storedDefinitionsAt } from './terminology/stored-definitions-at.ts'

const optional = { min: 0, max: 1 } as const

/** https://hl7.org/fhir/R4/codesystem-operation-lookup.html */
export const lookup = operation({
  code: 'lookup',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup',
  documentation:
    'What is known of a code: its display, what stands right above and below it, and of a code system that the practice ' +
    'stores its definition, properties and designations, too. A code system that is neither loaded with R4 and US Core nor ' +
    'stored is answered 404 with its name.',
  on: ['type'],
  resources: ['CodeSystem'],
  affectsState: false,
  parameters: {
    code: { ...optional, type: 'code', documentation: 'The code; its system is given, too' },
    system: { ...optional, type: 'uri', documentation: 'The code system of the code' },
    version: { ...optional, type: 'string', documentation: 'The version of the code system; the newest unless given' },
    coding: { ...optional, type: 'Coding', documentation: 'The code with its system, in place of code and system' },
    displayLanguage: {
      ...optional,
      type: 'code',
      documentation: 'The display is the designation in this language, where a stored code system has one',
    },
    property: {
      min: 0,
      max: '*',
      type: 'code',
      documentation: 'Only these: parent, child, definition, designation or a property of the system; all unless given',
    },
  },
  out: {
    name: { type: 'string', min: 1, max: 1, documentation: 'Name of the code system' },
    version: { type: 'string', min: 0, max: 1, documentation: 'Its version' },
    display: { type: 'string', min: 1, max: 1, documentation: 'The display of the code' },
    designation: {
      type: 'BackboneElement',
      min: 0,
      max: '*',
      documentation: 'Other texts for it: language, use, value',
    },
    property: { type: 'BackboneElement', min: 0, max: '*', documentation: 'What else is known: code, value' },
  },
  examples: ['GET CodeSystem/$lookup?system=http://terminology.hl7.org/CodeSystem/v3-ActCode&code=AMB'],
  async run(options, call, given) {
    const [coding] = askedCodings({ ...given, display: undefined })
    if (coding?.system === undefined) {
      throw new Problem('incorrect', 'Cannot tell which code is meant: its system is missing', { expression: 'system' })
    }
    const system = await askedCodeSystem(coding.system, given.version, await storedDefinitionsAt(options, call))
    const parameter = described(system, coding.code, given.property, given.displayLanguage)
    return { body: JSON.stringify({ resourceType: 'Parameters', parameter }) }
  },
})

function described(
  { url, name, version, codes, resource }: AskedCodeSystem,
  code: string,
  wanted: readonly string[],
  language: string | undefined,
): readonly object[] {
  if (!codes.has(code)) throw new Problem('not-found', `"${code}" is not a code of ${url}`, { expression: 'code' })
  const isWanted = (property: string) => wanted.length === 0 || wanted.includes(property)
  const { designation, property } = definedConcept(resource, code)
  const translated = designation.find((each) => language !== undefined && each.language === language)?.value
  const links = [
    ...codes.parents(code).map((parent) => ['parent', parent] as const),
    ...codes.children(code).map((child) => ['child', child] as const),
  ].map(([kind, value]) => ({ code: kind, valueCode: value }))
  return [
    { name: 'name', valueString: name },
    ...(version === undefined ? [] : [{ name: 'version', valueString: version }]),
    { name: 'display', valueString: translated ?? codes.display(code) ?? code },
    ...(isWanted('designation') ? designation.map((each) => ({ name: 'designation', part: partsOf(each) })) : []),
    ...[...links, ...property]
      .filter((each) => isWanted(each.code))
      .map((each) => ({ name: 'property', part: partsOf(each) })),
  ]
}

/** `{ code, valueCode }` as parts: the value of a property is called `value`, whatever its type. */
function partsOf(given: object): readonly object[] {
  return Object.entries(given).map(([key, value]) => {
    if (key.startsWith('value') && key !== 'value') return { name: 'value', [key]: value }
    if (key === 'use') return { name: key, valueCoding: value }
    return { name: key, [key === 'value' ? 'valueString' : 'valueCode']: value }
  })
}
