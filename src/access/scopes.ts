import { isResourceType } from '#fhir'
import { Problem } from '#lib'
import type { Interaction } from './decision.ts'

export type Level = 'patient' | 'user' | 'system'

/** `user/Observation.rs?category=…`, read: specs/smart.md 7. */
export interface ResourceScope {
  /** As it was given. */
  readonly text: string
  readonly level: Level
  /** A resource type or `*`. */
  readonly type: string
  readonly interactions: ReadonlySet<Interaction>
  /** The query behind the question mark; empty when there is none. */
  readonly constraint: string
}

export interface Scopes {
  readonly resources: readonly ResourceScope[]
  /** `launch/patient`, `openid`, `offline_access` and all else that is about no resource. */
  readonly others: readonly string[]
  /** What is wrong with the entries that could not be read; they grant nothing. */
  readonly problems: readonly Problem[]
}

const letters = { c: 'create', r: 'read', u: 'update', d: 'delete', s: 'search' } as const
const oldWords: ReadonlyMap<string, string> = new Map([
  ['read', 'rs'],
  ['write', 'cud'],
  ['*', 'cruds'],
])

const charset = /^[\x21\x23-\x5b\x5d-\x7e]+$/
const resourceScope = /^(patient|user|system)\/([^.?]*)\.([^?]*)(?:\?(.*))?$/

// Parsing depends on nothing but the text, and the same few texts come with every request.
const known = new Map<string, Scopes>()
const knownAtMost = 1000
/** An app may ask for hundreds of scopes: those texts are not worth the memory. */
const longestKnown = 10_000

/** The entries of a scope string, each once. */
export function parseScopes(text: string): Scopes {
  const found = known.get(text)
  if (found) return found
  const scopes = readScopes(text)
  if (text.length > longestKnown) return scopes
  if (known.size >= knownAtMost) known.clear()
  known.set(text, scopes)
  return scopes
}

function readScopes(text: string): Scopes {
  const resources: ResourceScope[] = []
  const others: string[] = []
  const problems: Problem[] = []
  for (const entry of new Set(text.split(' ').filter((entry) => entry !== ''))) {
    try {
      const scope = parseScope(entry)
      if (scope) resources.push(scope)
      else others.push(entry)
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      problems.push(problem)
    }
  }
  return { resources, others, problems }
}

/** Undefined when the entry is about no resource; throws Problem 'incorrect' when it can't be read. */
export function parseScope(text: string): ResourceScope | undefined {
  if (!charset.test(text)) throw unreadable(text, 'it holds characters that no scope may have')
  if (!/^(?:patient|user|system)\//.test(text)) return undefined
  const [, level, type = '', operations = '', constraint] = resourceScope.exec(text) ?? []
  if (!level) throw unreadable(text, 'it has no operations; patient/Observation.rs has')
  if (type !== '*' && !isResourceType(type)) throw unreadable(text, `"${type}" is not a resource type of R4`)
  if (constraint !== undefined) checkConstraint(text, operations, constraint)
  return {
    text,
    level: level as Level,
    type,
    interactions: readOperations(text, operations),
    constraint: constraint ?? '',
  }
}

/** The scope in the letters of SMART 2, however it was spelt. */
export function scopeText(scope: Omit<ResourceScope, 'text'>): string {
  const operations = Object.entries(letters).filter(([, interaction]) => scope.interactions.has(interaction))
  const query = scope.constraint && `?${scope.constraint}`
  return `${scope.level}/${scope.type}.${operations.map(([letter]) => letter).join('')}${query}`
}

function readOperations(text: string, operations: string): ReadonlySet<Interaction> {
  const inLetters = oldWords.get(operations) ?? operations
  if (!/^(?=.)c?r?u?d?s?$/.test(inLetters)) {
    throw unreadable(text, `"${operations}" is neither read, write, * nor letters of cruds in this order`)
  }
  return new Set([...inLetters].map((letter) => letters[letter as keyof typeof letters]))
}

function checkConstraint(text: string, operations: string, constraint: string): void {
  if (oldWords.has(operations)) throw unreadable(text, 'a constraint goes with letters such as rs only')
  for (const part of constraint.split('&')) {
    const [name = '', value = ''] = part.split(/=(.*)/s)
    if (!/^[A-Za-z_][\w-]*$/.test(name) || name === '_filter') {
      throw unreadable(text, `"${name}" is not the plain name of a search parameter`)
    }
    if (value === '') throw unreadable(text, `its parameter "${name}" has no value`)
  }
}

function unreadable(text: string, reason: string): Problem {
  return new Problem('incorrect', `Cannot read scope "${text}": ${reason}`, { expression: 'scope' })
}
