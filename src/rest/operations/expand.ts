import { type Code, expandRule, matchingCodes, missingFor } from '#fhir'
import { Problem } from '#lib'
import { operation } from './operation.ts'
import { type AskedValueSet, askedValueSet } from './terminology/asked-value-set.ts'
import { notResolved } from './terminology/not-resolved.ts'
import { storedDefinitionsAt } from './terminology/stored-definitions-at.ts'

/** More goes out in pages only. The largest loaded value set has 6,401. */
const mostCodes = 10_000

const optional = { min: 0, max: 1 } as const

/** https://hl7.org/fhir/R4/valueset-operation-expand.html */
export const expand = operation({
  code: 'expand',
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
  documentation:
    'The codes of a value set: of one that is loaded with R4 and US Core, of one that the practice stores, or of one that is ' +
    'posted. Code systems are those that are loaded and those that the practice stores; what needs others (SNOMED CT, LOINC, ' +
    'RxNorm …) is answered 422 with their names, unless the value set lists its codes. Expansions are flat, in the order of ' +
    `the definition. More than ${mostCodes} codes are answered in pages only, by offset and count.`,
  on: ['type', 'instance'],
  resources: ['ValueSet'],
  affectsState: false,
  parameters: {
    url: { ...optional, type: 'uri', documentation: 'Canonical URL of the value set, also with |version' },
    valueSet: { ...optional, type: 'ValueSet', documentation: 'The value set itself, in place of its URL' },
    valueSetVersion: { ...optional, type: 'string', documentation: 'The version to expand; the newest unless given' },
    filter: { ...optional, type: 'string', documentation: 'Only codes with all of these words in display or code' },
    offset: { ...optional, type: 'integer', documentation: 'How many codes to leave out at the start' },
    count: { ...optional, type: 'integer', documentation: 'How many codes to answer; with 0 only how many there are' },
    activeOnly: {
      ...optional,
      type: 'boolean',
      documentation: 'Taken; no code that is loaded is known to be inactive',
    },
    excludeNested: { ...optional, type: 'boolean', documentation: 'Taken; expansions are always flat' },
    includeDesignations: {
      ...optional,
      type: 'boolean',
      documentation: 'Taken; designations are answered by CodeSystem/$lookup alone',
    },
    displayLanguage: {
      ...optional,
      type: 'code',
      documentation: 'Taken; displays are in the language of the definition, English for what is loaded',
    },
  },
  out: { return: { type: 'ValueSet', min: 1, max: 1, documentation: 'The value set with its expansion' } },
  examples: [
    'GET ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/observation-status',
    'GET ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/c80-doc-typecodes&filter=discharge%20summary&count=20',
    'POST ValueSet/$expand',
  ],
  async run(options, call, given) {
    const { filter, offset = 0, count } = given
    if (offset < 0) throw negative('offset', offset)
    if (count !== undefined && count < 0) throw negative('count', count)
    const asked = await askedValueSet(call, given, await storedDefinitionsAt(options, call))
    const all = codesOf(asked)
    const codes = filter === undefined ? all : matchingCodes(all, filter)
    if (count === undefined && codes.length - offset > mostCodes) throw tooMany(asked, codes.length)
    const parameters = Object.entries({ filter, offset: given.offset, count })
    return {
      body: JSON.stringify(expanded(asked, codes, codes.slice(offset, offset + (count ?? mostCodes)), parameters)),
    }
  },
})

function codesOf({ rule, terminology, called }: AskedValueSet): readonly Code[] {
  const codes = expandRule(rule, terminology)
  if (codes) return codes
  throw notResolved(`The value set ${called} cannot be expanded`, missingFor(rule, terminology))
}

/** https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.expansion */
function expanded(
  { head }: AskedValueSet,
  codes: readonly Code[],
  shown: readonly Code[],
  parameters: readonly (readonly [name: string, value: string | number | undefined])[],
): object {
  const parameter = parameters.flatMap(([name, value]) => {
    if (value === undefined) return []
    return [typeof value === 'number' ? { name, valueInteger: value } : { name, valueString: value }]
  })
  const isPage = parameters.some(([name, value]) => name !== 'filter' && value !== undefined)
  const [, [, offset = 0] = []] = parameters
  return {
    resourceType: 'ValueSet',
    ...head,
    expansion: {
      timestamp: new Date().toISOString(),
      total: codes.length,
      ...(isPage && { offset }),
      ...(parameter.length > 0 && { parameter }),
      ...(shown.length > 0 && { contains: shown }),
    },
  }
}

function tooMany({ called }: AskedValueSet, count: number): Problem {
  const sentence = `The value set ${called} has ${count} codes, and at most ${mostCodes} are answered at once: ask for pages by offset and count, or by a filter`
  return new Problem('too-costly', sentence, { expression: 'count' })
}

function negative(name: string, value: number): Problem {
  return new Problem('incorrect', `Cannot take the parameter "${name}": ${value} is less than 0`, { expression: name })
}
