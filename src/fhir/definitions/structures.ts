import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An element of a type, as its StructureDefinition has it. */
export interface ElementRule {
  /** Without `[x]`. */
  readonly name: string
  readonly isChoice: boolean
  readonly min: number
  readonly isArray: boolean
  /** Datatypes, `Resource`, or the path of a backbone (`Observation.component`); `@id` is a string without extensions. */
  readonly types: readonly string[]
  readonly isSummary: boolean
  /** Name of the required value set, a key of `requiredCodes`. */
  readonly codes?: string
}

interface StructureTable {
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly codes: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

let table: StructureTable | undefined

/** Read when first asked for; written by `tools/trim-structures.ts`. */
function structures(): StructureTable {
  table ??= JSON.parse(readFileSync(join(import.meta.dirname, 'structures.json'), 'utf8')) as StructureTable
  return table
}

/** All elements of a resource, datatype or backbone, inherited ones first; undefined when R4 has no such type. */
export function elementRules(type: string): readonly ElementRule[] | undefined {
  const { types } = structures()
  const own = Object.hasOwn(types, type) ? types[type] : undefined
  if (!own) return undefined
  const { '^': base, ...rows } = own
  const inherited = base === undefined ? [] : (elementRules(base) ?? [])
  return [...inherited, ...Object.entries(rows).map(([name, row]) => readRow(name, row))]
}

/** The codes of a required value set, by system. */
export function requiredCodes(valueSet: string): Readonly<Record<string, readonly string[]>> {
  const codes = structures().codes[valueSet]
  if (!codes) throw new TypeError(`${valueSet} is no required value set of the table`)
  return codes
}

/** `0..* code S #name-use`, as `tools/trim-structures.ts` writes it. */
function readRow(name: string, row: string): ElementRule {
  const [cardinality = '', types = '', ...flags] = row.split(' ')
  const [min = '', max = ''] = cardinality.split('..')
  const codes = flags.find((flag) => flag.startsWith('#'))?.slice(1)
  return {
    name: name.replace('[x]', ''),
    isChoice: name.endsWith('[x]'),
    min: Number(min),
    isArray: max !== '1',
    types: types.split(','),
    isSummary: flags.includes('S'),
    ...(codes !== undefined && { codes }),
  }
}

/** The name of an element in JSON when its value is of `type`: `valueQuantity`. */
export function jsonNameOf(element: Pick<ElementRule, 'name' | 'isChoice'>, type: string): string {
  return element.isChoice ? element.name + type.charAt(0).toUpperCase() + type.slice(1) : element.name
}
