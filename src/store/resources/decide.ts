/** What operations come to, given what is stored: decided before anything is written. */
import { hasRawLineBreak, instantText, withMeta, withoutVersion } from '#fhir'
import { Problem } from '#lib'
import { indexResource } from '../index/index-resource.ts'
import { markOf } from '../index/mark.ts'
import type { IndexRows, IndexScope } from '../index/rows.ts'
import type { WriteResult } from '../store.ts'
import type { Stored } from './current.ts'
import type { NewRow } from './insert.ts'
import type { Keyed } from './keyed.ts'
import type { Replaced } from './replace.ts'
import { sideChange } from './side-rows.ts'

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

export interface Means {
  readonly scope: IndexScope
  readonly stamp: number
  /** The server's key of a new resource. */
  readonly rid: number
  /** See index-state.ts. */
  readonly isSettled: boolean
}

export function decide(keyed: Keyed, stored: Stored | undefined, means: Means): Decision {
  const { type, id, kind } = keyed.operation
  if (stored && stored.id !== id) {
    throw new Problem(
      'conflict',
      `${type}/${id} cannot be stored: its key meets that of another resource; choose another id`,
    )
  }
  return kind === 'put' ? put(keyed, stored, means) : remove(keyed, stored, means)
}

function remove({ operation: { type } }: Keyed, stored: Stored | undefined, means: Means): Decision {
  const { stamp } = means
  if (!isCurrent(stored)) return { result: { outcome: 'absent', version: stored?.version ?? 0, updated: stamp } }
  const { removed } = changeOf(type, stored, undefined, means)
  return {
    result: { outcome: 'deleted', version: stored.version + 1, updated: stamp },
    replaced: [{ type, stored, isDeleted: true, removed }],
  }
}

function put({ operation, halves, key, index }: Keyed, stored: Stored | undefined, means: Means): Decision {
  const { type, id, text, resource } = operation as Extract<typeof operation, { kind: 'put' }>
  if (isCurrent(stored) && withoutVersion(stored.body) === withoutVersion(text)) {
    const { version, updated, body } = stored
    return { result: { outcome: 'unchanged', version, updated, body } }
  }
  const { stamp } = means
  const version = (stored?.version ?? 0) + 1
  const body = withMeta(text, { versionId: String(version), lastUpdated: instantText(stamp) })
  // exports copy the text of a row as a line, docs/decisions/0017-exports.md
  if (hasRawLineBreak(body)) throw new TypeError(`The text of ${type}/${id} was not made one line before it is stored`)
  const rid = stored ? Number(stored.rid) : means.rid
  const mark = markOf(body, resource)
  const row = { type, id, rid, key: halves, version, body, mark, index: index as IndexRows }
  if (isCurrent(stored)) {
    const { removed, added } = changeOf(type, stored, row.index, means)
    return {
      result: { outcome: 'updated', version, updated: stamp, body },
      rows: [{ ...row, added }],
      replaced: [{ type, stored, isDeleted: false, removed }],
    }
  }
  const result: WriteResult = { outcome: 'created', version, updated: stamp, body }
  const rows = [{ ...row, added: row.index }]
  return stored ? { result, rows, revived: [stored] } : { result, rows, created: [key] }
}

function isCurrent(stored: Stored | undefined): stored is Stored & { readonly body: string } {
  return stored?.body !== undefined
}

function changeOf(
  type: string,
  { body, dt = '' }: Stored & { readonly body: string },
  index: IndexRows | undefined,
  { scope, isSettled }: Means,
) {
  return sideChange(indexResource(scope, type, JSON.parse(body) as object), index, dt, isSettled)
}
