/** Value sets and code systems that were posted or stored, in the compact form of those that are loaded. */
import { valueAt } from '#lib'
import { compactCodeSystem, compactValueSet, type GivenCodeSystem, type GivenValueSet } from './compact-definitions.ts'
import type { Part, TerminologyTables, ValueSetRule } from './tables.ts'

interface Contained {
  readonly system?: string
  readonly code?: string
  readonly display?: string
  readonly abstract?: boolean
  readonly contains?: readonly Contained[]
}

export interface StoredValueSet extends GivenValueSet {
  readonly resourceType: 'ValueSet'
  readonly title?: string
  readonly status: string
  readonly expansion?: { readonly contains?: readonly Contained[] }
}

export interface StoredCodeSystem extends GivenCodeSystem {
  readonly resourceType: 'CodeSystem'
}

/** Its definition; where it has none, the expansion that it came with. */
export function ruleOf(valueSet: StoredValueSet): ValueSetRule {
  if (valueSet.compose) return compactValueSet(valueSet, () => undefined)
  const codes = new Map<string, [code: string, display: string][]>()
  const add = (contained: readonly Contained[]) => {
    for (const { system, code, display = code, abstract, contains = [] } of contained) {
      if (system !== undefined && code !== undefined && !abstract) {
        valueAt(codes, system, () => []).push([code, display ?? code])
      }
      add(contains)
    }
  }
  add(valueSet.expansion?.contains ?? [])
  return { include: [...codes].map(([system, list]): Part => ({ system, codes: list })) }
}

/** What stands beside the loaded tables while one request is answered. */
export function storedTables(
  valueSets: readonly StoredValueSet[],
  codeSystems: readonly StoredCodeSystem[],
): TerminologyTables {
  return {
    valueSets: Object.fromEntries(valueSets.map((set) => [set.url, ruleOf(set)])),
    codeSystems: Object.fromEntries(codeSystems.map((system) => [system.url, compactCodeSystem(system)])),
    valueSetTitles: titlesOf(valueSets),
    codeSystemTitles: titlesOf(codeSystems),
  }
}

function titlesOf(definitions: readonly (StoredValueSet | StoredCodeSystem)[]): Record<string, [string, ...string[]]> {
  return Object.fromEntries(
    definitions.map(({ url, name = url, version }) => [url, version === undefined ? [name] : [name, version]]),
  )
}

/** Definitions that a rule names; those of parts that list their codes only add displays. */
export function namedIn({ include, exclude = [] }: ValueSetRule) {
  const parts = [...include, ...exclude]
  return {
    systems: parts.flatMap(({ system }) => (system === undefined ? [] : [system])),
    sets: parts.flatMap(({ sets = [] }) => sets),
  }
}
