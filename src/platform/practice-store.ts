/** Practices in the database: a shared table, small and read everywhere. */
import { type Database, sql } from '#db'
import { dialectOf, dialects } from '#dialects'
import { Problem } from '#lib'
import { practiceId } from './practice-names.ts'
import { type PracticeSettings, parseSetting, settingsOf } from './practice-settings.ts'

/** A practice with all of its settings. */
export interface PracticeRecord {
  readonly number: number
  readonly id: string
  readonly settings: PracticeSettings
  /** What was set, as text; the rest has its initial value. */
  readonly stored: Readonly<Record<string, string>>
  /** Changes with every change of the settings. */
  readonly revision: string
}

interface PracticeRow {
  id: number
  code: string
  settings: Record<string, string>
  revision: string
}

const columns = sql`id, code, settings, extract(epoch from changed_at)::text as revision`

export async function findPractice(db: Database, code: string): Promise<PracticeRecord | undefined> {
  const row = await db.maybeOne<PracticeRow>(sql`
    select ${columns} from practice where code = ${code} or settings ->> 'path' = ${code}
    order by code = ${code} desc limit 1
  `)
  return row && recordOf(row)
}

export async function practiceNamed(db: Database, code: string): Promise<PracticeRecord> {
  const found = await findPractice(db, code)
  if (found) return found
  const all = (await listPractices(db)).map(({ id }) => id)
  const there = all.length === 0 ? 'there is none yet: charthouse practice add ID' : `there are ${all.join(', ')}`
  throw new Problem('not-found', `There is no practice "${code}"; ${there}`)
}

export async function practiceNumbered(db: Database, number: number): Promise<PracticeRecord> {
  const row = await db.maybeOne<PracticeRow>(sql`select ${columns} from practice where id = ${number}`)
  if (!row) throw new Problem('not-found', `There is no practice of number ${number}`)
  return recordOf(row)
}

export async function listPractices(db: Database): Promise<PracticeRecord[]> {
  return (await db.many<PracticeRow>(sql`select ${columns} from practice order by code`)).map(recordOf)
}

/** Adds a practice; throws 'conflict' when the id or path is taken, 'incorrect' when a setting is wrong. */
export async function addPractice(
  db: Database,
  code: string,
  settings: Readonly<Record<string, string>>,
): Promise<PracticeRecord> {
  const id = practiceId(code)
  await checkSettings(db, id, settings)
  const added = await db.run(sql`
    insert into practice (code, settings) values (${id}, ${JSON.stringify(settings)}::jsonb) on conflict (code) do nothing
  `)
  if (added === 0) throw new Problem('conflict', `There is a practice "${id}" already`)
  return practiceNamed(db, id)
}

/** Changes settings; an empty text takes one back to its initial value. */
export async function changeSettings(
  db: Database,
  code: string,
  changes: Readonly<Record<string, string>>,
): Promise<PracticeRecord> {
  const practice = await practiceNamed(db, code)
  const removed = Object.keys(changes).filter((key) => changes[key] === '')
  const set = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== ''))
  await checkSettings(db, practice.id, set)
  await db.run(sql`
    update practice set settings = (settings - ${removed}::text[]) || ${JSON.stringify(set)}::jsonb, changed_at = clock_timestamp()
    where id = ${practice.number}
  `)
  return practiceNamed(db, practice.id)
}

async function checkSettings(db: Database, code: string, settings: Readonly<Record<string, string>>) {
  for (const [key, value] of Object.entries(settings)) parseSetting(key, value)
  const names = [settings.path, settings.hostName].filter((name) => name !== undefined)
  const taken = await db.maybeOne<{ code: string }>(sql`
    select code from practice
    where code <> ${code} and (settings ->> 'path' = any(${names}::text[]) or settings ->> 'hostName' = any(${names}::text[]) or code = any(${names}::text[]))
  `)
  if (taken) throw new Problem('conflict', `The path or host name is that of practice "${taken.code}"`)
}

function recordOf({ id, code, settings, revision }: PracticeRow): PracticeRecord {
  const dialect = dialectOf(settings.dialect ?? 'standard') ?? dialects.standard
  return { number: id, id: code, stored: settings, settings: settingsOf(dialect, settings), revision }
}
