import type { Definition, Package } from '../read-package.ts'
import { requiredCodes } from './value-sets.ts'

/**
 * Type → element → its types, as text: `Reference(Patient,Group)`, `code#observation-status`, `Quantity string` of `value[x]`.
 * `^` names the type whose elements it has too. Value sets of required bindings follow: system and codes.
 */
export function elementTypes(core: Package) {
  const codes = requiredCodes(core)
  const definitions = core.of('StructureDefinition').filter(({ derivation, kind }) => isType(derivation, kind))
  const own = new Map(definitions.map((definition) => [definition.type, ownElements(definition)]))
  const types: Record<string, Record<string, string>> = {}
  for (const definition of definitions.sort((a, b) => (a.type < b.type ? -1 : 1))) {
    const parent = definition.baseDefinition?.split('/').at(-1) ?? ''
    types[definition.type] = { '^': parent }
    for (const element of own.get(definition.type) ?? []) addElement(types, element, codes.bind)
  }
  return { valueSets: codes.used, types }
}

function isType(derivation: string | undefined, kind: string) {
  return derivation !== 'constraint' && kind !== 'logical'
}

/** Elements that the type does not take over from its base. */
function ownElements({ type, snapshot }: Definition): Definition[] {
  return snapshot.element.filter(({ path, base }: Definition) => path.includes('.') && base.path.split('.')[0] === type)
}

function addElement(types: Record<string, Record<string, string>>, element: Definition, bind: (set: string) => string) {
  const dot = element.path.lastIndexOf('.')
  const owner = element.path.slice(0, dot)
  const parent = types[owner] ?? { '^': 'BackboneElement' }
  types[owner] = parent
  parent[element.path.slice(dot + 1)] = typesOf(element, bind)
}

function typesOf(element: Definition, bind: (set: string) => string) {
  if (element.contentReference) return element.contentReference.slice(1)
  const texts = element.type.map((type: Definition) => {
    if (type.code === 'BackboneElement' || (type.code === 'Element' && !element.path.endsWith('[x]')))
      return element.path
    return nameOf(type) + targetsOf(type)
  })
  const { strength, valueSet } = element.binding ?? {}
  return (
    texts.join(' ') +
    (strength === 'required' && /^(code|Coding|CodeableConcept)$/.test(texts[0]) ? bind(valueSet) : '')
  )
}

function nameOf(type: Definition) {
  const told = type.extension?.find(({ url }: Definition) => url.endsWith('structuredefinition-fhir-type'))
  if (told) return told.valueUrl === 'string' || told.valueUrl === 'id' ? 'id' : told.valueUrl
  return type.code.startsWith('http://hl7.org/fhirpath/System.') ? 'string' : type.code
}

function targetsOf({ targetProfile = [] }: Definition) {
  const targets = targetProfile.map((profile: string) => profile.split('/').at(-1))
  return targets.length === 0 || targets.includes('Resource') ? '' : `(${targets.join(',')})`
}
