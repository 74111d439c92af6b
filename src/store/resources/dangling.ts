/** References of what is written to what is not stored. */
import { type Runner, sql } from '#db'
import { parseReference } from '#fhir'
import { Problem } from '#lib'
import { keyText } from '../hash.ts'
import type { IndexScope } from '../index/rows.ts'
import type { KeyedChange } from './keyed.ts'

const mostNamed = 5

export interface Dangling {
  /** What the same changes bring counts as stored, what they delete does not. */
  refuse(changes: readonly KeyedChange[]): void
}

/** Looks all targets up in one statement. */
export async function danglingOf(
  runner: Runner,
  scope: IndexScope,
  changes: readonly KeyedChange[],
): Promise<Dangling> {
  const { practice, bases } = scope
  const targets = new Map(changes.map((one) => [one.key, targetsOf(practice, bases, one)]))
  const stored = await storedKeys(runner, practice, [
    ...new Set([...targets.values()].flatMap((each) => [...each.keys()])),
  ])
  return {
    refuse(own) {
      const brought = new Map(own.map(({ key, operation }) => [key, operation.kind === 'put']))
      const missing = own.flatMap(({ key }) =>
        [...(targets.get(key) ?? [])].flatMap(([target, name]) =>
          (brought.get(target) ?? stored.has(target)) ? [] : [name],
        ),
      )
      if (missing.length > 0) throw danglingProblem([...new Set(missing)])
    },
  }
}

function danglingProblem(missing: readonly string[]): Problem {
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : ''
  return new Problem(
    'invalid',
    `Cannot refer to ${missing.slice(0, mostNamed).join(', ')}${more}: not stored here; store the target first or with it`,
  )
}

/** Names of the targets by their keys. */
function targetsOf(practice: number, bases: readonly string[], change: KeyedChange): ReadonlyMap<string, string> {
  const { operation, refuseDangling } = change
  if (!refuseDangling || operation.kind !== 'put') return new Map()
  const targets = new Map<string, string>()
  for (const { type, id } of localReferences(operation.resource, bases)) {
    targets.set(keyText(practice, type, id), `${type}/${id}`)
  }
  return targets
}

async function storedKeys(runner: Runner, practice: number, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  const rows = await runner.many<{ key: string }>(sql`
    select key from resource where practice = ${practice} and key = any(${keys}::int8[])
  `)
  return new Set(rows.map(({ key }) => key))
}

/** Of every Reference anywhere in the resource that leads to this server. */
function* localReferences(value: unknown, bases: readonly string[]): Generator<{ type: string; id: string }> {
  if (typeof value !== 'object' || value === null) return
  for (const [member, inner] of Object.entries(value)) {
    if (member === 'reference' && typeof inner === 'string') {
      const parsed = parseReference(inner, bases)
      if (parsed.kind === 'relative') yield parsed
    } else yield* localReferences(inner, bases)
  }
}
