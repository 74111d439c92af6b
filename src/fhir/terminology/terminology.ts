import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CodeSystem, codeSystemOf } from './code-system.ts'
import { type Code, expandRule } from './expand.ts'
import type { TerminologyTables, Title, ValueSetRule } from './tables.ts'

/** What is known of codes without asking anyone. Canonical URLs may carry `|version`. */
export interface Terminology {
  /** The codes of a value set; undefined when it is unknown or needs what is not loaded. */
  expand(url: string): readonly Code[] | undefined
  /** What a value set is made of. */
  rule(url: string): ValueSetRule | undefined
  codeSystem(url: string): CodeSystem | undefined
  valueSetTitle(url: string): Title | undefined
  codeSystemTitle(url: string): Title | undefined
  /** The code and those that it subsumes; undefined when the system is not loaded or doesn't know it. */
  below(system: string, code: string): readonly string[] | undefined
  /** The code and those that subsume it. */
  above(system: string, code: string): readonly string[] | undefined
  displayOf(system: string, code: string): string | undefined
}

/** What the tables hold; where they don't know a URL, what stands beneath them does. */
export function terminologyOf(tables: TerminologyTables, beneath?: Terminology): Terminology {
  const systems = new Map<string, CodeSystem>()
  const expansions = new Map<string, readonly Code[] | undefined>()
  const underWay = new Set<string>()
  const isEmpty = Object.keys({ ...tables.valueSets, ...tables.codeSystems }).length === 0

  const terminology: Terminology = {
    expand(url) {
      const key = keyIn(tables.valueSets, url) ?? url
      // what is not known is not remembered: there is no end of it
      if (underWay.has(key) || !terminology.rule(url)) return undefined
      if (!expansions.has(key)) {
        underWay.add(key)
        expansions.set(key, expanded(url))
        underWay.delete(key)
      }
      return expansions.get(key)
    },
    rule: (url) => entryOf(tables.valueSets, url) ?? beneath?.rule(url),
    codeSystem(url) {
      const key = keyIn(tables.codeSystems, url)
      const concepts = key === undefined ? undefined : tables.codeSystems[key]
      if (key === undefined || !concepts) return beneath?.codeSystem(url)
      const system = systems.get(key) ?? codeSystemOf(concepts)
      systems.set(key, system)
      return system
    },
    valueSetTitle: (url) => entryOf(tables.valueSetTitles, url) ?? beneath?.valueSetTitle(url),
    codeSystemTitle: (url) => entryOf(tables.codeSystemTitles, url) ?? beneath?.codeSystemTitle(url),
    below: (system, code) => terminology.codeSystem(system)?.below(code),
    above: (system, code) => terminology.codeSystem(system)?.above(code),
    displayOf: (system, code) => terminology.codeSystem(system)?.display(code),
  }
  /** A set from beneath may need what only these tables have, or have otherwise. */
  function expanded(url: string): readonly Code[] | undefined {
    if (isEmpty && beneath) return beneath.expand(url)
    const rule = terminology.rule(url)
    return rule && expandRule(rule, terminology)
  }

  return terminology
}

function entryOf<Entry>(table: Readonly<Record<string, Entry>> = {}, url: string): Entry | undefined {
  const key = keyIn(table, url)
  return key === undefined ? undefined : table[key]
}

/** The entry of that version, else the newest. */
function keyIn(table: object, url: string): string | undefined {
  if (Object.hasOwn(table, url)) return url
  const plain = withoutVersion(url)
  return Object.hasOwn(table, plain) ? plain : undefined
}

function withoutVersion(url: string): string {
  const bar = url.lastIndexOf('|')
  return bar < 0 ? url : url.slice(0, bar)
}

let loaded: Terminology | undefined

/** R4's and US Core's code systems and value sets, read when first asked for. */
export function terminology(): Terminology {
  loaded ??= terminologyOf(
    JSON.parse(readFileSync(join(import.meta.dirname, '../definitions/terminology.json'), 'utf8')),
  )
  return loaded
}
