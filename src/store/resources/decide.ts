/** What operations come to, given what is stored: decided before anything is written. */
import { instantText, withMeta, withoutVersion } from '#fhir'
import { Problem } from '#lib'
import type { IndexRows } from '../index/rows.ts'
import type { WriteResult } from '../store.ts'
import type { Stored } from './current.ts'
import type { NewRow } from './insert.ts'
import type { Keyed } from './keyed.ts'
import type { Replaced } from './replace.ts'

/** What is to be written. */
export interface Decided {
  readonly rows: readonly NewRow[]
  readonly replaced: readonly Replaced[]
  readonly revived: readonly Stored[]
  /** Keys of which nothing was known. */
  readonly created: readonly string[]
}

export interface Decision extends Partial<Decided> {
  readonly result: WriteResult
}

export function together(decisions: readonly Decision[]): Decided {
  return {
    rows: decisions.flatMap(({ rows = [] }) => rows),
    replaced: decisions.flatMap(({ replaced = [] }) => replaced),
    revived: decisions.flatMap(({ revived = [] }) => revived),
    created: decisions.flatMap(({ created = [] }) => created),
  }
}

export interface Numbers {
  /** The server's key of a new resource. */
  readonly rid: number
  readonly stamp: number
}

export function decide(keyed: Keyed, stored: Stored | undefined, numbers: Numbers): Decision {
  const { type, id, kind } = keyed.operation
  if (stored && stored.id !== id) {
    throw new Problem(
      'conflict',
      `${type}/${id} cannot be stored: its key meets that of another resource; choose another id`,
    )
  }
  return kind === 'put' ? put(keyed, stored, numbers) : remove(type, stored, numbers.stamp)
}

function remove(type: string, stored: Stored | undefined, stamp: number): Decision {
  if (stored?.body === undefined)
    return { result: { outcome: 'absent', version: stored?.version ?? 0, updated: stamp } }
  return {
    result: { outcome: 'deleted', version: stored.version + 1, updated: stamp },
    replaced: [{ type, stored: { ...stored, body: stored.body }, isDeleted: true }],
  }
}

function put({ operation, halves, key, index }: Keyed, stored: Stored | undefined, { rid, stamp }: Numbers): Decision {
  const { type, id, text } = operation as Extract<typeof operation, { kind: 'put' }>
  if (stored?.body !== undefined && withoutVersion(stored.body) === withoutVersion(text)) {
    const { version, updated, body } = stored
    return { result: { outcome: 'unchanged', version, updated, body } }
  }
  const version = (stored?.version ?? 0) + 1
  const body = withMeta(text, { versionId: String(version), lastUpdated: instantText(stamp) })
  const row = {
    type,
    id,
    rid: stored ? Number(stored.rid) : rid,
    key: halves,
    version,
    body,
    index: index as IndexRows,
  }
  if (stored?.body !== undefined) {
    return {
      result: { outcome: 'updated', version, updated: stamp, body },
      rows: [row],
      replaced: [{ type, stored: { ...stored, body: stored.body }, isDeleted: false }],
    }
  }
  const result: WriteResult = { outcome: 'created', version, updated: stamp, body }
  return stored ? { result, rows: [row], revived: [stored] } : { result, rows: [row], created: [key] }
}
