/**
 * Writes the elements of every resource and datatype of R4 in compact form: `node tools/trim-structures.ts [FOLDER]`.
 * FOLDER holds hl7.fhir.r4.core.tgz; the codes of required bindings come from the terminology tables
 * (`tools/trim-terminology.ts` goes first). The result is committed.
 */
import { join } from 'node:path'
import { terminology } from '../src/fhir/terminology/terminology.ts'
import { tableText, writeTable } from './definition-manifest.ts'
import { type Definition, readPackage } from './read-package.ts'

const folder = process.argv[2] ?? '../shared/data/igs'
const core = readPackage(join(folder, 'hl7.fhir.r4.core.tgz'))
const types: Record<string, Record<string, string>> = {}
const codes: Record<string, Record<string, string[]>> = {}

for (const definition of core.of('StructureDefinition')) if (isType(definition)) addType(definition)
writeTable('structures.json', tableText({ types, codes }), 'tools/trim-structures.ts', [core])

function isType({ kind, derivation }: Definition): boolean {
  return (kind === 'resource' || kind === 'complex-type') && derivation !== 'constraint'
}

/** The elements that the type adds to its base; those of its backbones stand under their path. */
function addType(definition: Definition): void {
  const [, ...elements] = definition.snapshot.element
  types[definition.type] = base(definition.baseDefinition)
  for (const element of elements) {
    const owner = ownerOf(element.path)
    if (isBackbone(element)) types[element.path] = base(element.type[0].code)
    const isInherited = element.base.path !== element.path
    const table = types[owner]
    if (table && !isInherited) table[element.path.slice(owner.length + 1)] = row(element, definition.kind)
  }
}

function ownerOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.'))
}

function base(definition: string | undefined): Record<string, string> {
  return definition ? { '^': definition.slice(definition.lastIndexOf('/') + 1) } : {}
}

function isBackbone({ type, path }: Definition): boolean {
  const code = type?.[0]?.code
  return (code === 'BackboneElement' || code === 'Element') && !path.endsWith('[x]')
}

/** `1..1 code S #observation-status`: S means that a summary shows it, # a required value set. */
function row(element: Definition, kind: string): string {
  const names = element.contentReference ? [element.contentReference.slice(1)] : typesOf(element, kind)
  const binding = requiredSet(element)
  const parts = [`${element.min}..${element.max}`, names.join()]
  return [...parts, ...(element.isSummary ? ['S'] : []), ...(binding ? [`#${binding}`] : [])].join(' ')
}

function typesOf(element: Definition, kind: string): readonly string[] {
  if (isBackbone(element)) return [element.path]
  return element.type.map(({ code, extension }: Definition) => {
    if (!code.startsWith('http://hl7.org/fhirpath/')) return code
    // `@`: a plain string, which takes no extensions. The published type of Resource.id is wrong: it is an id.
    if (kind === 'resource' && element.path === 'Resource.id') return '@id'
    return `@${extension?.[0]?.valueUrl ?? 'string'}`
  })
}

/** The name of the element's required value set, whose codes go into the table; undefined when they can't be listed. */
function requiredSet({ binding }: Definition): string | undefined {
  if (binding?.strength !== 'required') return undefined
  const url: string = binding.valueSet.split('|')[0]
  const name = url.replace('http://hl7.org/fhir/ValueSet/', '')
  const expanded = terminology().expand(url)
  if (!expanded) return undefined
  codes[name] ??= Object.fromEntries(
    Object.entries(Object.groupBy(expanded, ({ system }) => system)).map(([system, list = []]) => [
      system,
      list.map(({ code }) => code),
    ]),
  )
  return name
}
