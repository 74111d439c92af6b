/** When each member came into a Group: an export with `_since` sends new members' older data too. */
import { type Sql, sql } from '#db'
import { dateRange, parseReference } from '#fhir'
import { keyText } from '../hash.ts'
import { objectsIn } from '../index/attachments.ts'
import type { IndexScope } from '../index/rows.ts'
import type { NewRow } from './insert.ts'

type GroupRow = Pick<NewRow, 'type' | 'body'> & { readonly rid: number | string }

interface Member {
  readonly reference: string
  readonly key: string
  readonly starts: number
  readonly ends: number
}

/** The statements that keep them; most rows are no Groups and need none. */
export function trackingMembers(scope: IndexScope, stamp: number, rows: readonly GroupRow[]): Sql[] {
  return rows.flatMap((row) => (row.type === 'Group' ? trackingGroup(scope, stamp, row) : []))
}

/** Who was out, the time being over or to come, comes in anew. */
function trackingGroup(scope: IndexScope, stamp: number, row: GroupRow): Sql[] {
  const members = membersOf(scope, JSON.parse(row.body) as object)
  const references = members.map(({ reference }) => reference)
  return [
    sql`
    delete from group_member
    where practice = ${scope.practice} and group_rid = ${row.rid} and member <> all(${references}::text[])`,
    sql`
    insert into group_member (practice, group_rid, member, key, added, starts, ends)
    select ${scope.practice}::int4, ${row.rid}::int8, member, key, ${stamp}::int8, starts, ends
    from unnest(
      ${references}::text[], ${members.map(({ key }) => key)}::int8[],
      ${members.map(({ starts }) => bound(starts))}::int8[], ${members.map(({ ends }) => bound(ends))}::int8[]
    ) as m (member, key, starts, ends)
    on conflict (practice, group_rid, member) do update set
      added = case when group_member.starts > excluded.added or group_member.ends <= excluded.added
        then excluded.added else group_member.added end,
      starts = excluded.starts, ends = excluded.ends
    where group_member.practice = ${scope.practice}
      and (group_member.starts, group_member.ends) is distinct from (excluded.starts, excluded.ends)`,
  ]
}

function bound(time: number): number | null {
  return Number.isFinite(time) ? time : null
}

/** Who is named several times is a member from the first beginning to the last end. */
function membersOf({ practice, bases, zone }: IndexScope, group: object): Member[] {
  const members = new Map<string, Member>()
  for (const { entity, inactive, period } of objectsIn((group as { member?: unknown }).member)) {
    const reference = (entity as { reference?: unknown } | null | undefined)?.reference
    const parsed = typeof reference !== 'string' || inactive ? undefined : parseReference(reference, bases)
    if (parsed?.kind !== 'relative') continue
    const name = `${parsed.type}/${parsed.id}`
    const { starts, ends } = timeOf(period, zone)
    const known = members.get(name)
    members.set(name, {
      reference: name,
      key: known?.key ?? keyText(practice, parsed.type, parsed.id),
      starts: Math.min(starts, known?.starts ?? starts),
      ends: Math.max(ends, known?.ends ?? ends),
    })
  }
  return [...members.values()]
}

function timeOf(period: unknown, zone: string): Pick<Member, 'starts' | 'ends'> {
  const { start, end } = (period ?? {}) as { start?: unknown; end?: unknown }
  const [first, last] = [start, end].map((text) => (typeof text === 'string' ? dateRange(text, zone) : undefined))
  return {
    starts: first ? first.low * 1000 : Number.NEGATIVE_INFINITY,
    ends: last ? last.high * 1000 : Number.POSITIVE_INFINITY,
  }
}
