import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CodeSystem, codeSystemOf } from './code-system.ts'
import { type Code, expandRule } from './expand.ts'
import type { TerminologyTables } from './tables.ts'

/** What is known of codes without asking anyone. Canonical URLs may carry `|version`. */
export interface Terminology {
  /** The codes of a value set; undefined when it is unknown or needs what is not loaded. */
  expand(url: string): readonly Code[] | undefined
  codeSystem(url: string): CodeSystem | undefined
  /** The code and those that it subsumes; undefined when the system is not loaded or doesn't know it. */
  below(system: string, code: string): readonly string[] | undefined
  /** The code and those that subsume it. */
  above(system: string, code: string): readonly string[] | undefined
  displayOf(system: string, code: string): string | undefined
}

export function terminologyOf(tables: TerminologyTables): Terminology {
  const systems = new Map<string, CodeSystem>()
  const expansions = new Map<string, readonly Code[] | undefined>()
  const underWay = new Set<string>()

  const terminology: Terminology = {
    expand(url) {
      const key = keyIn(tables.valueSets, url)
      const rule = key === undefined ? undefined : tables.valueSets[key]
      if (key === undefined || !rule || underWay.has(key)) return undefined
      if (!expansions.has(key)) {
        underWay.add(key)
        expansions.set(key, expandRule(rule, terminology))
        underWay.delete(key)
      }
      return expansions.get(key)
    },
    codeSystem(url) {
      const key = keyIn(tables.codeSystems, url)
      const concepts = key === undefined ? undefined : tables.codeSystems[key]
      if (key === undefined || !concepts) return undefined
      const system = systems.get(key) ?? codeSystemOf(concepts)
      systems.set(key, system)
      return system
    },
    below: (system, code) => terminology.codeSystem(system)?.below(code),
    above: (system, code) => terminology.codeSystem(system)?.above(code),
    displayOf: (system, code) => terminology.codeSystem(system)?.display(code),
  }
  return terminology
}

/** The entry of that version, else the newest. */
function keyIn(table: object, url: string): string | undefined {
  if (Object.hasOwn(table, url)) return url
  const bar = url.lastIndexOf('|')
  const plain = bar < 0 ? url : url.slice(0, bar)
  return Object.hasOwn(table, plain) ? plain : undefined
}

let loaded: Terminology | undefined

/** R4's and US Core's code systems and value sets, read when first asked for. */
export function terminology(): Terminology {
  loaded ??= terminologyOf(
    JSON.parse(readFileSync(join(import.meta.dirname, '../definitions/terminology.json'), 'utf8')),
  )
  return loaded
}
