import type { CodeSystem } from './code-system.ts'
import type { Part, ValueSetRule } from './tables.ts'

export interface Code {
  readonly system: string
  readonly code: string
  readonly display?: string
}

export interface Lookup {
  codeSystem(url: string): CodeSystem | undefined
  expand(url: string): readonly Code[] | undefined
}

/** All codes of a rule; undefined when a part needs what is not loaded. https://hl7.org/fhir/R4/valueset.html#compositions */
export function expandRule(rule: ValueSetRule, lookup: Lookup): readonly Code[] | undefined {
  const codes = new Map<string, Code>()
  for (const part of rule.include) {
    const expanded = expandPart(part, lookup)
    if (!expanded) return undefined
    for (const code of expanded) {
      const key = keyOf(code)
      if (!codes.has(key)) codes.set(key, code)
    }
  }
  for (const part of rule.exclude ?? []) {
    const expanded = expandPart(part, lookup)
    if (!expanded) return undefined
    for (const code of expanded) codes.delete(keyOf(code))
  }
  return [...codes.values()]
}

function expandPart(part: Part, lookup: Lookup): readonly Code[] | undefined {
  let codes = part.system === undefined ? undefined : codesOfSystem(part.system, part, lookup)
  if (part.system !== undefined && !codes) return undefined
  for (const url of part.sets ?? []) {
    const set = lookup.expand(url)
    if (!set) return undefined
    codes = codes ? both(codes, set) : set
  }
  return codes
}

function codesOfSystem(canonical: string, part: Part, lookup: Lookup): readonly Code[] | undefined {
  const [system = ''] = canonical.split('|')
  const known = lookup.codeSystem(canonical)
  if (part.codes) {
    return part.codes.map((given) => {
      const [code, display = known?.display(code)] = typeof given === 'string' ? [given] : given
      return display === undefined ? { system, code } : { system, code, display }
    })
  }
  if (!known) return undefined
  let codes: readonly string[] = known.codes
  for (const filter of part.filters ?? []) {
    const admitted = filtered(known, filter)
    if (!admitted) return undefined
    codes = codes.filter((code) => admitted.has(code))
  }
  return codes.map((code) => ({ system, code, display: known.display(code) ?? code }))
}

type Filter = readonly [property: string, operator: string, value: string]

/** https://hl7.org/fhir/R4/valueset-filter-operator.html */
function filtered(system: CodeSystem, [property, operator, value]: Filter): ReadonlySet<string> | undefined {
  if (property !== 'concept' && property !== 'code') return undefined
  const below = system.below(value) ?? []
  switch (operator) {
    case 'is-a':
      return new Set(below)
    case 'descendent-of':
      return new Set(below.filter((code) => code !== value))
    case 'is-not-a':
      return new Set(system.codes.filter((code) => !below.includes(code)))
    case 'generalizes':
      return new Set(system.above(value))
    case '=':
      return new Set([value])
    case 'in':
      return new Set(value.split(','))
    default:
      return undefined
  }
}

function both(left: readonly Code[], right: readonly Code[]): readonly Code[] {
  const keys = new Set(right.map(keyOf))
  return left.filter((code) => keys.has(keyOf(code)))
}

function keyOf({ system, code }: Code): string {
  return `${system}|${code}`
}
