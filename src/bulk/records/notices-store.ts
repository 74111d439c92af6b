import { createHash } from 'node:crypto'
import { type Runner, sql } from '#db'
import type { Notice } from '../export.ts'

/** Adds what the error files will say; the same is said once. */
export async function addNotices(
  runner: Runner,
  practice: number,
  id: string,
  notices: readonly Notice[],
): Promise<void> {
  if (notices.length === 0) return
  const hashes = notices.map(({ code, sentence }) => createHash('sha256').update(`${code} ${sentence}`).digest('hex'))
  await runner.run(sql`
    insert into export_notice (practice, export, severity, code, sentence, hash)
    select ${practice}::int4, ${id}::text, severity, code, sentence, hash
    from unnest(${notices.map(({ severity }) => severity)}::text[], ${notices.map(({ code }) => code)}::text[],
      ${notices.map(({ sentence }) => sentence)}::text[], ${hashes}::text[]) as n (severity, code, sentence, hash)
    on conflict (practice, export, hash) do nothing
  `)
}

export function noticesOf(runner: Runner, practice: number, id: string): Promise<Notice[]> {
  return runner.many<Notice>(sql`
    select severity, code, sentence from export_notice
    where practice = ${practice} and export = ${id}
    order by severity, code, hash
  `)
}
