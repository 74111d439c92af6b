/**
 * All of a patient's record, page by page: first what the patient owns, then what belongs to that (Provenance, Binary) and
 * the shared resources to which it refers (Practitioner, Organization …), each once. What is referred to is read from the
 * texts, which are at hand when all fits on one page; else those of the pages before are read again for it.
 * https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { and, or, type Runner, type Sql, sql } from '#db'
import { ownershipOf, parseReference, resourceTypes, typeCode } from '#fhir'
import { Problem } from '#lib'
import { keyText, saltText } from '../hash.ts'
import { securityContextSource } from '../index/attachments.ts'
import { planOf } from '../index/plan.ts'
import type { IndexScope } from '../index/rows.ts'
import { where } from '../search/condition.ts'
import { visibleAmong } from '../search/includes.ts'
import { Aliases, type Scope } from '../search/scope.ts'
import type { See } from '../see.ts'
import type { Cursor, EverythingAsked, EverythingPage, Row } from '../store.ts'
import { ownRows, type Place, type RowPage, rowPage } from './own-rows.ts'
import { referencesInText } from './references-in-text.ts'

const typesOf = (...classes: string[]) =>
  resourceTypes.filter((type) => classes.includes(ownershipOf(type)?.class ?? ''))
const ownTypes = typesOf('patient', 'owned')
const followingTypes = typesOf('follows')
/** A Device without a patient is shared. */
const sharedTypes = [...typesOf('shared', 'open'), 'Device']

const nothing: RowPage = { rows: [], next: undefined }

/** One walk through a record, with what each of its steps needs. */
interface Walk {
  readonly db: Runner
  readonly bases: readonly string[]
  readonly scope: Scope
  readonly asked: EverythingAsked
}

export async function everything(
  db: Runner,
  { practice, bases }: IndexScope,
  see: See,
  asked: EverythingAsked,
  from?: Cursor,
): Promise<EverythingPage> {
  const aliases = new Aliases()
  const scope: Scope = { practice, see, where, aliases, row: aliases.next(), type: 'Patient', isNarrow: true }
  const walk: Walk = { db, bases, scope, asked }
  const { phase, place } = startOf(from)
  const own = phase === 'also' ? nothing : await ownPage(walk, wanted(asked, ownTypes), asked.count, place)
  if (own.next) return { matches: own.rows, included: [], next: { own: own.next } }
  const limit = asked.count - own.rows.length
  if (limit === 0) return { matches: own.rows, included: [], next: { also: start } }
  const isWhole = from === undefined && asked.types === undefined
  const also = await alsoPage(walk, isWhole ? own.rows : undefined, {
    limit,
    from: phase === 'also' ? place : undefined,
  })
  return { matches: own.rows, included: also.rows, ...(also.next && { next: { also: also.next } }) }
}

interface From {
  readonly phase: 'own' | 'also'
  readonly place: Place | undefined
}

function startOf(from: Cursor | undefined): From {
  if (from === undefined) return { phase: 'own', place: undefined }
  for (const phase of ['own', 'also'] as const) {
    const place = from[phase]
    if (Array.isArray(place)) return { phase, place: place as unknown as Place }
  }
  throw new Problem('incorrect', 'This page link is damaged: start again from the first page', { expression: '_page' })
}

function wanted({ types }: EverythingAsked, among: readonly string[]): readonly string[] {
  return types ? among.filter((type) => types.includes(type)) : among
}

async function ownPage(
  { db, scope, asked }: Walk,
  types: readonly string[],
  limit: number,
  from: Place | undefined,
): Promise<RowPage> {
  const { row } = scope
  const rows = ownRows(scope, row, types, asked)
  if (types.length === 0 || !rows) return nothing
  return rowPage(db, { rows: and([rows, ...since(row, asked)]), row, limit, from })
}

function since(row: Sql, { since: stamp }: EverythingAsked): Sql[] {
  return stamp === undefined ? [] : [sql`${row}.upd >= ${stamp}::int8`]
}

/** What comes besides: shared resources and attachments by what the texts say, what follows by the rows that it names. */
async function alsoPage(
  walk: Walk,
  own: readonly Row[] | undefined,
  { limit, from }: { limit: number; from: Place | undefined },
): Promise<RowPage> {
  const { db, scope, asked } = walk
  const row = scope.aliases.next()
  const [shared, following] = [wanted(asked, sharedTypes), wanted(asked, followingTypes)]
  const kinds = [
    visible(scope, row, shared, sql`${row}.patient is null`),
    visible(scope, row, following, sql`true`),
  ].filter((kind) => kind !== undefined)
  if (kinds.length === 0) return nothing
  const keys = await referencedKeys(walk, own, [...shared, ...following])
  const named = sql`select unnest(${keys}::int8[]) ${followers(walk, following)}`
  const rows = and([sql`${row}.practice = ${scope.practice}`, sql`${row}.key in (${named})`, or(kinds)])
  return rowPage(db, { rows, row, limit, from })
}

function visible(scope: Scope, row: Sql, types: readonly string[], besides: Sql): Sql | undefined {
  const seen = types.length > 0 ? visibleAmong(scope, row, types, new Set()) : undefined
  return seen && and([seen, besides])
}

/** Keys of Provenance and Binary that name a row of the patient. */
function followers({ scope, asked }: Walk, types: readonly string[]): Sql {
  const [row, own] = [scope.aliases.next(), scope.aliases.next()]
  const rows = ownRows(scope, own, ownTypes, asked)
  if (types.length === 0 || !rows) return sql``
  const target = planOf('Provenance').sources.filter(({ source }) => source.path === 'Provenance.target')
  const salts = [...target.map(({ source }) => source.key), securityContextSource].map(saltText)
  return sql`union select ${row}.key from resource ${row}
    where ${row}.practice = ${scope.practice} and ${row}.rtype = any(${types.map(typeCode)}::int2[])
      and ${row}.toks && (
        select array_agg(${own}.key # salt) from resource ${own}, unnest(${salts}::int8[]) salt where ${rows})
      and ${and(since(row, asked))}`
}

async function referencedKeys(
  walk: Walk,
  own: readonly Row[] | undefined,
  types: readonly string[],
): Promise<string[]> {
  const { scope, bases } = walk
  const among = new Set(types)
  const names = new Set<string>()
  for await (const rows of own ? [own] : allRows(walk)) {
    for (const { body } of rows) for (const name of referencesInText(body)) names.add(name)
  }
  return [...names].flatMap((reference) => {
    const parsed = parseReference(reference, bases)
    return parsed.kind === 'relative' && among.has(parsed.type) ? [keyText(scope.practice, parsed.type, parsed.id)] : []
  })
}

const rowsAtOnce = 5000

async function* allRows(walk: Walk): AsyncGenerator<readonly Row[]> {
  let from: Place | undefined
  do {
    const page = await ownPage(walk, ownTypes, rowsAtOnce, from)
    yield page.rows
    from = page.next
  } while (from)
}

/** Before all. */
const start: Place = [-1, '0']
