import {
  namedIn,
  type StoredCodeSystem,
  type StoredValueSet,
  storedTables,
  type Terminology,
  terminology,
  terminologyOf,
  type ValueSetRule,
} from '#fhir'
import type { StoredDefinitions } from './stored-definitions-at.ts'

/**
 * The loaded terminology with what the practice stores of what a rule needs, whichever way it leads there: what is stored
 * stands before what is loaded. A search for each type and each level of value sets in value sets.
 */
export async function terminologyWith(rule: ValueSetRule, stored: StoredDefinitions): Promise<Terminology> {
  const valueSets: StoredValueSet[] = []
  const codeSystems: StoredCodeSystem[] = []
  const asked = new Set<string>()
  let level: readonly ValueSetRule[] = [rule]
  let known = terminology()
  while (level.length > 0) {
    const named = level.map(namedIn)
    const sets = fresh(
      named.flatMap(({ sets }) => sets),
      asked,
    )
    const systems = fresh(
      named.flatMap(({ systems }) => systems),
      asked,
    )
    codeSystems.push(...(await stored.byUrl('CodeSystem', systems)))
    valueSets.push(...(await stored.byUrl('ValueSet', sets)))
    known = terminologyOf(storedTables(valueSets, codeSystems), terminology())
    level = sets.flatMap((url) => known.rule(url) ?? [])
  }
  return known
}

function fresh(urls: readonly string[], asked: Set<string>): readonly string[] {
  const found = [...new Set(urls)].filter((url) => !asked.has(url))
  for (const url of found) asked.add(url)
  return found
}
