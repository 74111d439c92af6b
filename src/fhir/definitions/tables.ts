import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Reads a generated table once, when it is first asked for; `tools/trim-search-parameters.ts` writes them. */
function table<T>(file: string): () => T {
  let content: T | undefined
  return () => {
    content ??= JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as T
    return content
  }
}

export interface ParameterEntry {
  readonly code: string
  /** The first is the one that defines it; the others (US Core's) mean the same. */
  readonly url: readonly string[]
  readonly type: string
  readonly base: readonly string[]
  readonly expression: string
  readonly target?: readonly string[]
  readonly component?: readonly { readonly definition: string; readonly expression: string }[]
}

export const searchParameterTable = table<{
  readonly leftOut: Readonly<Record<string, string>>
  readonly parameters: readonly ParameterEntry[]
}>('search-parameters.json')

export interface ValueSetCodes {
  readonly system?: string
  readonly codes: readonly string[]
}

export const elementTable = table<{
  readonly valueSets: Readonly<Record<string, ValueSetCodes>>
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>
}>('element-types.json')

/** Compartment → resource type → codes of the parameters that lead to it. */
export const compartmentTable =
  table<Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>('compartments.json')

export type ByExpectation = Readonly<Record<string, readonly string[]>>

/** What one version of US Core asks of a server for a resource type; the lists are by expectation (SHALL, SHOULD, MAY). */
export interface UsCoreCapability {
  readonly expectation: string
  readonly profiles: readonly string[]
  readonly interactions: ByExpectation
  readonly parameters: readonly {
    readonly code: string
    readonly type: string
    readonly definition: string
    readonly expectation: string
    readonly multipleOr?: boolean
    readonly multipleAnd?: boolean
    readonly comparators?: readonly string[]
    readonly modifiers?: readonly string[]
  }[]
  /** Codes joined by "+". */
  readonly combinations: ByExpectation
  readonly include: ByExpectation
  readonly revinclude: ByExpectation
  /** "docref http://…". */
  readonly operations: ByExpectation
}

/** Version ("6.1.0") → resource type → what it asks. */
export const usCoreTable = table<Readonly<Record<string, Readonly<Record<string, UsCoreCapability>>>>>('us-core.json')
