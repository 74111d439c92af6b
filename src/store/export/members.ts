/**
 * The members of a Group where `resource` and `group_member` are the state at T (`stateAt`). Statements go by level of
 * nesting, not by members: those of a level are read at once, then the groups among them.
 */
import { type Runner, type Sql, sql } from '#db'
import { groupRule, typeCode } from '#fhir'
import { Problem } from '#lib'
import { keyText } from '../hash.ts'
import type { IndexScope } from '../index/rows.ts'
import { where } from '../search/condition.ts'
import { Aliases } from '../search/scope.ts'
import { wherePredicate } from '../search/visible.ts'
import type { Predicate, See } from '../see.ts'
import { type RuleMember, ruleMembers } from './rule-members.ts'

export interface GroupAsked {
  /** Its id. */
  readonly group: string
  /** Microseconds. */
  readonly t: number
  /** What of members may be seen; everything unless given. */
  readonly see?: See
}

export interface GroupMembers {
  /** Keys of stored patients, each with when (microseconds) it came into the group. */
  readonly patients: readonly RuleMember[]
  /** Keys of stored members that are neither patients nor groups. */
  readonly others: readonly string[]
  /** Members of whom nothing can go out. */
  readonly notices: readonly MemberNotice[]
}

export interface MemberNotice {
  readonly severity: 'warning'
  readonly code: 'not-found' | 'too-costly'
  readonly sentence: string
}

/** Groups in groups are followed so far. */
const deepest = 10

/** Members that are named in a sentence of their own; of the rest the number is told. */
const mostNamed = 1000

export function groupKey(practice: number, group: string): string {
  return keyText(practice, 'Group', group)
}

/** Throws 'not-found' when there is no such group at T, 'invalid' when its rule is not understood. */
export async function membersAt(
  runner: Runner,
  scope: IndexScope,
  { group, t, see }: GroupAsked,
): Promise<GroupMembers> {
  const found = new Found()
  let level = new Map([[groupKey(scope.practice, group), 0]])
  for (const [key, added] of level) found.groups.set(key, added)
  for (let depth = 0; level.size > 0 && depth < deepest; depth++) {
    const groups = await groupsOf(runner, { scope, t }, level)
    if (depth === 0 && groups.length === 0) throw new Problem('not-found', `Group/${group} is not known`)
    level = await nextLevel(runner, { scope, t }, groups, found)
  }
  if (level.size > 0) found.notices.push(tooDeep(group))
  await leaveOutUnseen(runner, scope.practice, found, see)
  return {
    patients: [...found.patients].map(([key, { added }]) => ({ key, added })),
    others: [...found.others.keys()],
    notices: [...found.notices, ...noticesOf(found.missing)],
  }
}

interface At {
  readonly scope: IndexScope
  readonly t: number
}

/** A group on the way, with when it became part of the group that is asked for. */
interface OneGroup {
  readonly rid: string
  readonly added: number
  readonly updated: number
  /** Only where it may have a rule. */
  readonly content: object | undefined
}

interface Member {
  readonly name: string
  readonly added: number
}

/** What was found so far, by key; the way by which somebody came in first counts. */
class Found {
  readonly patients = new Map<string, Member>()
  readonly others = new Map<string, Member>()
  readonly groups = new Map<string, number>()
  readonly missing = new Set<string>()
  readonly notices: MemberNotice[] = []

  add(to: 'patients' | 'others', key: string, member: Member) {
    const known = this[to].get(key)
    if (!known || member.added < known.added) this[to].set(key, member)
  }
}

async function groupsOf(
  runner: Runner,
  { scope: { practice } }: At,
  level: ReadonlyMap<string, number>,
): Promise<OneGroup[]> {
  const rows = await runner.many<{ rid: string; key: string; upd: string; body: string | null }>(sql`
    select rid, key, upd, case when body like '%"characteristic"%' then body end as body
    from resource
    where practice = ${practice} and rtype = ${typeCode('Group')} and key = any(${[...level.keys()]}::int8[])
  `)
  return rows.map(({ rid, key, upd, body }) => ({
    ...{ rid, added: level.get(key) ?? 0, updated: Number(upd) },
    content: body === null ? undefined : (JSON.parse(body) as object),
  }))
}

/** Keeps the members of these groups and answers the groups among them that have to be looked at (again). */
async function nextLevel(
  runner: Runner,
  { scope, t }: At,
  groups: readonly OneGroup[],
  found: Found,
): Promise<Map<string, number>> {
  const next = new Map<string, number>()
  const addedOf = new Map<string, number>()
  for (const { rid, added: groupAdded, updated, content } of groups) {
    const rule = content && groupRule(content, scope.zone)
    if (!rule) addedOf.set(rid, groupAdded)
    else {
      // whoever changed the rule may have let everybody in
      const since = Math.max(groupAdded, updated)
      for (const { key, added } of await ruleMembers(runner, { ...scope, t }, rule)) {
        found.add('patients', key, { name: '', added: Math.max(added, since) })
      }
    }
  }
  for (const { group, key, member: name, since, type } of await listed(runner, { scope, t }, [...addedOf.keys()])) {
    const member = { name, added: Math.max(addedOf.get(group) ?? 0, Number(since)) }
    if (type === null) found.missing.add(name)
    else if (type === typeCode('Patient')) found.add('patients', key, member)
    else if (type !== typeCode('Group')) found.add('others', key, member)
    else if (member.added < (found.groups.get(key) ?? Number.POSITIVE_INFINITY)) {
      found.groups.set(key, member.added)
      next.set(key, member.added)
    }
  }
  return next
}

interface ListedRow {
  group: string
  key: string
  member: string
  since: string
  /** Null: not stored. */
  type: number | null
}

async function listed(runner: Runner, { scope: { practice }, t }: At, rids: readonly string[]): Promise<ListedRow[]> {
  if (rids.length === 0) return []
  return runner.many<ListedRow>(sql`
    select m.group_rid as "group", m.key, m.member, greatest(m.added, m.starts) as since, r.rtype as type
    from group_member m left join resource r on r.practice = m.practice and r.key = m.key
    where m.practice = ${practice} and m.group_rid = any(${rids}::int8[])
      and (m.starts is null or m.starts <= ${t}::int8) and (m.ends is null or m.ends > ${t}::int8)
  `)
}

/** To whom it may not be shown, a member is as if it were not stored. */
async function leaveOutUnseen(runner: Runner, practice: number, found: Found, see: See | undefined): Promise<void> {
  const predicate = see?.('Patient')
  // who may read no Patient may read what members own all the same; who may read some gets nothing of the others
  if (!see || !predicate) return
  const keys = [...found.patients.keys()]
  const visible = new Set(
    (await runner.many<{ key: string }>(seenPatients(practice, keys, { see, predicate }), { prepare: false })).map(
      ({ key }) => key,
    ),
  )
  for (const [key, { name }] of found.patients) {
    if (visible.has(key)) continue
    found.patients.delete(key)
    if (name !== '') found.missing.add(name) // a rule names nobody
  }
}

interface Seeing {
  readonly see: See
  readonly predicate: Predicate
}

function seenPatients(practice: number, keys: readonly string[], { see, predicate }: Seeing): Sql {
  const aliases = new Aliases()
  const row = aliases.next()
  const scope = { practice, row, type: 'Patient', isNarrow: false, see, where, aliases }
  return sql`
    select ${row}.key from resource ${row}
    where ${row}.practice = ${practice} and ${row}.key = any(${keys}::int8[])
      and ${wherePredicate(scope, predicate)}`
}

function noticesOf(missing: ReadonlySet<string>): MemberNotice[] {
  const names = [...missing]
  const notices = names.slice(0, mostNamed).map((name) => notFound(`${name} is`))
  return names.length > mostNamed ? [...notices, notFound(`${names.length - mostNamed} more are`)] : notices
}

function notFound(who: string): MemberNotice {
  const sentence = `${who} named as a member of the group, but not stored or not within this access: nothing of it is exported`
  return { severity: 'warning', code: 'not-found', sentence }
}

function tooDeep(group: string): MemberNotice {
  const sentence = `Group/${group} holds groups within groups more than ${deepest} deep: the members of those further down are left out`
  return { severity: 'warning', code: 'too-costly', sentence }
}
