/** References of what is written to what is not stored. */
import { sql, type Transaction } from '#db'
import { parseReference } from '#fhir'
import { Problem } from '#lib'
import { keyText } from '../hash.ts'
import type { IndexScope } from '../index/rows.ts'
import type { KeyedChange } from './keyed.ts'

const mostNamed = 5

/** One statement; what the same changes bring counts as stored, what they delete does not. */
export async function refuseDangling(
  transaction: Transaction,
  scope: IndexScope,
  changes: readonly KeyedChange[],
): Promise<void> {
  const targets = new Map<string, string>()
  for (const { operation, refuseDangling: isAsked } of changes) {
    if (!isAsked || operation.kind !== 'put') continue
    for (const name of new Set(localReferences(operation.resource, scope.bases))) {
      const [type = '', id = ''] = name.split('/')
      targets.set(keyText(scope.practice, type, id), name)
    }
  }
  if (targets.size === 0) return
  const stored = await storedKeys(transaction, scope.practice, [...targets.keys()])
  for (const { key, operation } of changes) {
    if (operation.kind === 'put') stored.add(key)
    else stored.delete(key)
  }
  const missing = [...targets].flatMap(([key, name]) => (stored.has(key) ? [] : [name]))
  if (missing.length === 0) return
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : ''
  throw new Problem(
    'invalid',
    `Cannot refer to ${missing.slice(0, mostNamed).join(', ')}${more}: not stored here; store the target first or with it`,
  )
}

async function storedKeys(transaction: Transaction, practice: number, keys: readonly string[]): Promise<Set<string>> {
  const rows = await transaction.many<{ key: string }>(sql`
    select key from resource where practice = ${practice} and key = any(${keys}::int8[])
  `)
  return new Set(rows.map(({ key }) => key))
}

/** `Type/id` of every Reference anywhere in the resource that leads to this server. */
function* localReferences(value: unknown, bases: readonly string[]): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [member, inner] of Object.entries(value)) {
    if (member === 'reference' && typeof inner === 'string') {
      const parsed = parseReference(inner, bases)
      if (parsed.kind === 'relative') yield `${parsed.type}/${parsed.id}`
    } else yield* localReferences(inner, bases)
  }
}
