import { elementTable } from './tables.ts'

/** One type that an element may have; `targets` of references and canonicals, undefined meaning any. */
export interface ElementType {
  readonly name: string
  readonly targets?: readonly string[]
  /** Name of the required value set in the table. */
  readonly binding?: string
}

export interface Element {
  readonly name: string
  /** `value[x]`: in JSON the type follows the name. */
  readonly isChoice: boolean
  readonly types: readonly ElementType[]
}

/** In place of an element's name: the type that a type is made from. */
const parent = '^'

/** https://hl7.org/fhir/R4/elementdefinition.html; undefined when the type has no such element. */
export function elementOf(type: string, name: string): Element | undefined {
  for (let at = type; at; at = parentOf(at)) {
    const own = elementTable().types[at] ?? {}
    // "constructor" and the marker of the parent type are no elements
    const text = Object.hasOwn(own, name) && name !== parent ? own[name] : undefined
    if (text) return { name, isChoice: false, types: readTypes(text) }
    const choice = own[`${name}[x]`]
    if (choice) return { name, isChoice: true, types: readTypes(choice) }
  }
  return undefined
}

/** Whether a value of `type` is one of `wanted`: Age is a Quantity, code is a string. */
export function isKindOf(type: string, wanted: string): boolean {
  for (let at = type; at; at = parentOf(at)) if (at === wanted) return true
  return false
}

function parentOf(type: string): string {
  return elementTable().types[type]?.[parent] ?? ''
}

/** `Reference(Patient,Group)`, `code#observation-status`, `Quantity string`. */
function readTypes(text: string): ElementType[] {
  return text.split(' ').map((part) => {
    const [, name = '', targets, binding] = /^([^(#]+)(?:\(([^)]*)\))?(?:#(.+))?$/.exec(part) ?? []
    return { name, ...(targets && { targets: targets.split(',') }), ...(binding && { binding }) }
  })
}
