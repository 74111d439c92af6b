/**
 * All of a patient's record, page by page: first what the patient owns, then what belongs to that (Provenance, Binary) and
 * the shared resources to which it refers (Practitioner, Organization …), each once. What is referred to is read from the
 * texts, which are at hand when all fits on one page; else those of the pages before are read again for it.
 * https://hl7.org/fhir/R4/patient-operation-everything.html
 */
import { and, type Database, or, type Sql, sql } from '#db'
import { ownershipOf, resourceTypes, typeCode } from '#fhir'
import { Problem } from '#lib'
import { keyText, saltText } from '../hash.ts'
import { securityContextSource } from '../index/attachments.ts'
import { planOf } from '../index/plan.ts'
import type { IndexScope } from '../index/rows.ts'
import { where } from '../search/condition.ts'
import { visibleAmong } from '../search/includes.ts'
import { Aliases, type Scope } from '../search/scope.ts'
import type { See } from '../see.ts'
import type { Cursor, EverythingAsked, EverythingPage } from '../store.ts'
import { ownRows, type Place, type TextPage, textPage } from './own-rows.ts'
import { referencesInText } from './references-in-text.ts'

const typesOf = (...classes: string[]) =>
  resourceTypes.filter((type) => classes.includes(ownershipOf(type)?.class ?? ''))
const ownTypes = typesOf('patient', 'owned')
const followingTypes = typesOf('follows')
/** A Device without a patient is shared. */
const sharedTypes = [...typesOf('shared', 'open'), 'Device']

const nothing: TextPage = { text: '', count: 0, next: undefined }

/** One walk through a record, with what each of its steps needs. */
interface Walk {
  readonly db: Database
  readonly bases: readonly string[]
  readonly scope: Scope
  readonly asked: EverythingAsked
}

export async function everything(
  db: Database,
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
  if (own.next) return pageOf(own, nothing, { own: own.next })
  const isWhole = from === undefined && asked.types === undefined
  const also = await alsoPage(walk, isWhole ? own.text : undefined, {
    limit: asked.count - own.count,
    from: phase === 'also' ? place : undefined,
  })
  return pageOf(own, also, also.next && { also: also.next })
}

function pageOf(own: TextPage, also: TextPage, next: Cursor | undefined): EverythingPage {
  return { entries: own.text + also.text, matches: own.count, ...(next && { next }) }
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
): Promise<TextPage> {
  const { row } = scope
  const rows = ownRows(scope, row, types, asked)
  if (types.length === 0 || !rows) return nothing
  return textPage(db, scope, asked, { rows: and([rows, ...since(row, asked)]), row, limit, from, mode: 'match' })
}

function since(row: Sql, { since: stamp }: EverythingAsked): Sql[] {
  return stamp === undefined ? [] : [sql`${row}.upd >= ${stamp}::int8`]
}

/** What comes besides: shared resources and attachments by what the texts say, what follows by the rows that it names. */
async function alsoPage(
  walk: Walk,
  ownText: string | undefined,
  { limit, from }: { limit: number; from: Place | undefined },
): Promise<TextPage> {
  const { db, scope, asked } = walk
  const row = scope.aliases.next()
  const [shared, following] = [wanted(asked, sharedTypes), wanted(asked, followingTypes)]
  const kinds = [
    visible(scope, row, shared, sql`${row}.patient is null`),
    visible(scope, row, following, sql`true`),
  ].filter((kind) => kind !== undefined)
  if (kinds.length === 0) return nothing
  const keys = await referencedKeys(walk, ownText, [...shared, ...following])
  const relations = sql`also as (select unnest(${keys}::int8[]) as key ${followers(walk, following)}),`
  const rows = and([
    sql`${row}.practice = ${scope.practice}`,
    sql`${row}.key in (select also.key from also)`,
    or(kinds),
  ])
  return textPage(db, scope, asked, { rows, row, limit, from, mode: 'include', relations })
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

async function referencedKeys(walk: Walk, ownText: string | undefined, types: readonly string[]): Promise<string[]> {
  const { scope, bases } = walk
  const among = new Set(types)
  const keys = new Set<string>()
  for await (const text of ownText === undefined ? allTexts(walk) : [ownText]) {
    for (const name of referencesInText(text, bases)) {
      const [type = '', id = ''] = name.split('/')
      if (among.has(type)) keys.add(keyText(scope.practice, type, id))
    }
  }
  return [...keys]
}

const rowsAtOnce = 5000

async function* allTexts(walk: Walk): AsyncGenerator<string> {
  let from: Place | undefined
  do {
    const page = await ownPage(walk, ownTypes, rowsAtOnce, from)
    yield page.text
    from = page.next
  } while (from)
}
