/**
 * The access decision as SQL: joined into every statement, at every hop. The same decision on one row that is at hand
 * stands in `store/resources/read.ts`.
 */
import { and, or, type Sql, sql } from '#db'
import { resourceTypes, typeCode } from '#fhir'
import { Problem } from '#lib'
import { hashText, saltText } from '../hash.ts'
import { attachmentSource, attachmentTypes, securityContextSource } from '../index/attachments.ts'
import { planOf } from '../index/plan.ts'
import type { Clause, Predicate, See } from '../see.ts'
import { ownedBy, referenceHash } from './reference.ts'
import type { Scope } from './scope.ts'
import { hasAny } from './token.ts'

/** Rows of `type` that may be seen; refuses when nothing of the type may. */
export function visible(scope: Scope, type: string): Sql {
  const predicate = scope.see(type)
  if (!predicate)
    throw new Problem('forbidden', `Cannot search over ${type}: this access does not include it`, { expression: type })
  return wherePredicate(scope, predicate)
}

export function wherePredicate(scope: Scope, predicate: Predicate): Sql {
  return or(predicate.any.map((clause) => whereClause(scope, clause)))
}

function whereClause(scope: Scope, { patients, assignedTo, orNobodys, follows, where, hidden }: Clause): Sql {
  const { practice, row } = scope
  const limits: Sql[] = []
  const nobodys = orNobodys ? [sql`${row}.patient is null`] : []
  if (patients) limits.push(or([ownedBy(scope, patients), ...nobodys]))
  if (assignedTo) limits.push(or([whereAssigned(scope, assignedTo), ...nobodys]))
  if (follows) limits.push(whereFollows(scope))
  if (where.length > 0) limits.push(...where.map((condition) => scope.where(scope, condition)))
  if (hidden.length > 0) limits.push(...withoutLabels(scope, labelHashes(practice, scope.type, hidden)))
  return and(limits)
}

/** Rows of types of which each has labels that hide them, whatever else holds. */
export function notHidden(scope: Scope, hidden: ReadonlyMap<string, readonly string[]>): Sql {
  const hashes = [...hidden].flatMap(([type, labels]) => labelHashes(scope.practice, type, labels))
  return hashes.length === 0 ? sql`true` : and(withoutLabels(scope, hashes))
}

/** A label of the newest version hides the earlier ones, too: who marks a record as sensitive means what it always said. */
function withoutLabels({ practice, row, aliases, isPast }: Scope, hashes: readonly string[]): Sql[] {
  const isFree = (version: Sql) => sql`not ${hasAny({ row: version, isNarrow: true }, hashes)}`
  if (!isPast) return [isFree(row)]
  const [current, deletion] = [aliases.next(), aliases.next()]
  return [
    isFree(row),
    sql`not exists (
      select 1 from resource ${current}
      where ${current}.practice = ${practice} and ${current}.key = ${row}.key and not (${isFree(current)})
    )`,
    sql`not exists (
      select 1 from resource_history ${deletion}
      where ${deletion}.practice = ${practice} and ${deletion}.key = ${row}.key and ${deletion}.deleted
        and ${deletion}.replaced = ${'9223372036854775807'}::int8 and not (${isFree(deletion)})
    )`,
  ]
}

/** Tokens of a row that carries one of these labels. */
function labelHashes(practice: number, type: string, labels: readonly string[]): string[] {
  const sources = planOf(type).sources.filter(({ source }) => source.path.endsWith('meta.security'))
  return sources.flatMap(({ source }) => labels.map((label) => hashText(practice, source.key, 's', label)))
}

/** Patients with an Encounter or CareTeam that names the person. */
export function whereAssigned(
  { practice, row, aliases }: Pick<Scope, 'practice' | 'row' | 'aliases'>,
  person: string,
): Sql {
  const [type = '', id = ''] = person.split('/')
  const from = aliases.next()
  const hashes = ['Encounter', 'CareTeam'].flatMap((holder) =>
    planOf(holder)
      .sources.filter(({ kinds }) => kinds.has('reference'))
      .map(({ source }) => referenceHash(practice, source.key, type, id)),
  )
  const types = ['Encounter', 'CareTeam'].map(typeCode)
  return sql`${row}.patient in (
    select ${from}.patient from resource ${from}
    where ${from}.practice = ${practice} and ${from}.rtype = any(${types}::int2[]) and ${from}.toks && ${hashes}::int8[]
  )`
}

/** Provenance goes with its targets, Binary with its security context or with what names it. */
function whereFollows(scope: Scope): Sql {
  if (scope.type === 'Binary') return whereNamed(scope)
  const salts = planOf(scope.type)
    .sources.filter(({ source }) => source.path === 'Provenance.target')
    .map(({ source }) => saltText(source.key))
  const target = scope.aliases.next()
  return sql`exists (
    select 1 from unnest(${scope.row}.toks) tok, unnest(${salts}::int8[]) salt, resource ${target}
    where ${target}.practice = ${scope.practice} and ${target}.key = tok # salt and ${anyVisible(scope, target, resourceTypes)}
  )`
}

function whereNamed(scope: Scope): Sql {
  const { practice, row, aliases } = scope
  const [document, context] = [aliases.next(), aliases.next()]
  const salt = saltText(attachmentSource)
  const inContext = sql`exists (
    select 1 from unnest(${row}.toks) tok, resource ${context}
    where ${context}.practice = ${practice} and ${context}.key = tok # ${saltText(securityContextSource)}::int8
      and ${anyVisible(scope, context, resourceTypes)}
  )`
  // what names the Binary today may not have named what it held then
  if (scope.isPast) return inContext
  const isNamed = sql`exists (
    select 1 from resource ${document}
    where ${document}.practice = ${practice} and ${document}.toks @> array[${row}.key # ${salt}::int8]
      and ${anyVisible(scope, document, attachmentTypes)}
  )`
  return or([isNamed, inContext])
}

/** Rows of these types that may be seen; what itself only follows does not count. */
function anyVisible(scope: Scope, row: Sql, types: readonly string[]): Sql {
  const owning = (type: string) => !scope.see(type)?.any.some((clause) => clause.follows)
  return or(
    alikeTypes(scope.see, types.filter(owning)).map(({ predicate, types: [first = '', ...others] }) => {
      const inner = { ...scope, row, type: first, isNarrow: true, isPast: false }
      const codes = [first, ...others].map(typeCode)
      return sql`${row}.rtype = any(${codes}::int2[]) and ${wherePredicate(inner, predicate)}`
    }),
  )
}

interface AlikeTypes {
  readonly predicate: Predicate
  readonly types: readonly string[]
}

/** The types of which anything may be seen; those on whose rows the same is asked stand together. */
export function alikeTypes(see: See, types: readonly string[]): readonly AlikeTypes[] {
  const groups = new Map<string, { predicate: Predicate; types: string[] }>()
  for (const type of types) {
    const predicate = see(type)
    if (!predicate) continue
    const name = predicate.any.every(isOfAnyType) ? JSON.stringify(predicate) : type
    const group = groups.get(name)
    if (group) group.types.push(type)
    else groups.set(name, { predicate, types: [type] })
  }
  return [...groups.values()]
}

/** What is asked beside the owner is asked by the tokens of the type. */
function isOfAnyType({ where, hidden, follows }: Clause): boolean {
  return where.length === 0 && hidden.length === 0 && !follows
}
