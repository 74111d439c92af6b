/** References from what stays to what is deleted. */
import { type Runner, sql } from '#db'
import { resourceTypes, typeCode, typeOf } from '#fhir'
import { Problem } from '#lib'
import { saltText } from '../hash.ts'
import { planOf } from '../index/plan.ts'
import type { IndexScope } from '../index/rows.ts'
import type { See } from '../see.ts'
import type { KeyedChange } from './keyed.ts'
import { seesOwner } from './seen.ts'

const mostNamed = 5
const mostLookedAt = 100

/** To be asked after the deletions, while no other writer is under way. Names only rows that the principal may see. */
export async function refuseReferenced(
  runner: Runner,
  { practice }: IndexScope,
  see: See,
  changes: readonly KeyedChange[],
): Promise<void> {
  const deleted = changes.filter((one) => one.refuseReferenced && one.operation.kind === 'delete')
  if (deleted.length === 0) return
  const referrers = await referrersOf(
    runner,
    practice,
    deleted.map(({ key }) => key),
  )
  if (referrers.length === 0) return
  const seen = referrers.filter(({ rtype, patient }) => {
    const predicate = see(typeOf(rtype))
    return predicate !== undefined && seesOwner(practice, predicate, patient ?? undefined)
  })
  const names = seen.slice(0, mostNamed).map(({ rtype, id }) => `${typeOf(rtype)}/${id}`)
  if (referrers.length > names.length) names.push(names.length > 0 ? 'others' : 'other resources')
  const what = deleted.map(({ operation: { type, id } }) => `${type}/${id}`).slice(0, mostNamed)
  throw new Problem(
    'conflict',
    `Cannot delete ${what.join(', ')}: referred to by ${names.join(', ')}; change or delete these first`,
  )
}

interface Referrer {
  rtype: number
  id: string
  patient: string | null
}

/** What tells of a resource's past outlives it. */
const records = ['Provenance', 'AuditEvent'].map(typeCode)

/** By the tokens of references (key xor salt of the path, see index/reference.ts) and by whose a row is. */
function referrersOf(runner: Runner, practice: number, keys: readonly string[]): Promise<Referrer[]> {
  return runner.many<Referrer>(sql`
    select rtype, id, patient from resource
    where practice = ${practice} and rtype <> all(${records}::int2[]) and (
      toks && (select array_agg(key # salt) from unnest(${keys}::int8[]) key, unnest(${referenceSalts()}::int8[]) salt)
      or patient = any(${keys}::int8[])
    )
    limit ${mostLookedAt}
  `)
}

let salts: readonly string[] | undefined

/** Of every path at which a reference is indexed. */
function referenceSalts(): readonly string[] {
  salts ??= [
    ...new Set(
      resourceTypes.flatMap((type) =>
        planOf(type).sources.flatMap(({ source, kinds }) => (kinds.has('reference') ? [saltText(source.key)] : [])),
      ),
    ),
  ]
  return salts
}
