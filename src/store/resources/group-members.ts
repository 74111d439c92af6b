/** When each member came into a Group: an export with `_since` sends new members' older data too. */
import { type Sql, sql } from '#db'
import { parseReference } from '#fhir'
import { keyText } from '../hash.ts'
import { objectsIn } from '../index/attachments.ts'
import type { IndexScope } from '../index/rows.ts'
import type { NewRow } from './insert.ts'

interface Member {
  readonly reference: string
  readonly key: string
}

/** The statements that keep them; most rows are no Groups and need none. */
export function trackingMembers(scope: IndexScope, stamp: number, rows: readonly NewRow[]): Sql[] {
  return rows.flatMap((row) => (row.type === 'Group' ? trackingGroup(scope, stamp, row) : []))
}

function trackingGroup(scope: IndexScope, stamp: number, row: NewRow): Sql[] {
  const members = membersOf(scope, JSON.parse(row.body) as object)
  const references = members.map(({ reference }) => reference)
  return [
    sql`
    delete from group_member
    where practice = ${scope.practice} and group_rid = ${row.rid} and member <> all(${references}::text[])`,
    sql`
    insert into group_member (practice, group_rid, member, key, added)
    select ${scope.practice}::int4, ${row.rid}::int8, member, key, ${stamp}::int8
    from unnest(${references}::text[], ${members.map(({ key }) => key)}::int8[]) as m (member, key)
    on conflict (practice, group_rid, member) do nothing`,
  ]
}

function membersOf({ practice, bases }: IndexScope, group: object): Member[] {
  const members = new Map<string, Member>()
  for (const { entity, inactive } of objectsIn((group as { member?: unknown }).member)) {
    const reference = (entity as { reference?: unknown } | null | undefined)?.reference
    const parsed = typeof reference !== 'string' || inactive ? undefined : parseReference(reference, bases)
    if (parsed?.kind !== 'relative') continue
    const name = `${parsed.type}/${parsed.id}`
    members.set(name, { reference: name, key: keyText(practice, parsed.type, parsed.id) })
  }
  return [...members.values()]
}
