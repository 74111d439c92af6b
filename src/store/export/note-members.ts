import { type Runner, sql } from '#db'
import { typeCode } from '#fhir'
import { keyText } from '../hash.ts'
import type { ExportPlace } from './selection.ts'

export interface NotedMembers {
  /** Keys of patients. */
  readonly keys: readonly string[]
  /** Of each whether all of the record goes out, whatever the time asked for. */
  readonly whole: readonly boolean[]
}

/** Notes the patients of a cohort; those that are stored, and their share of all patients. */
export async function noteMembers(
  runner: Runner,
  { practice, id, t }: Pick<ExportPlace, 'practice' | 'id' | 't'>,
  { keys, whole }: NotedMembers,
): Promise<{ readonly noted: number; readonly share: number }> {
  const noted = await runner.run(sql`
    insert into export_member (practice, export, t, key, whole)
    select ${practice}::int4, ${id}::text, ${t}::int8, m.key, bool_or(m.whole)
    from unnest(${keys}::int8[], ${whole}::bool[]) as m (key, whole)
    join resource p on p.practice = ${practice} and p.key = m.key and p.rtype = ${typeCode('Patient')}
    group by m.key
  `)
  const row = await runner.maybeOne<{ patients: number }>(sql`
    select count(*)::int4 as patients from resource where practice = ${practice} and rtype = ${typeCode('Patient')}
  `)
  return { noted, share: noted / Math.max(1, row?.patients ?? 1) }
}

export function patientKeys(practice: number, ids: readonly string[]): string[] {
  return ids.map((id) => keyText(practice, 'Patient', id))
}
