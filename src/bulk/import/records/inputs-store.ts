/** The files of imports: what was asked for, and what came of it. */
import { type Runner, sql } from '#db'
import type { ImportFile, ImportInput } from './import.ts'

export async function addInputs(
  runner: Runner,
  practice: number,
  id: string,
  inputs: readonly ImportInput[],
): Promise<void> {
  await runner.run(sql`
    insert into import_file (practice, import, n, type, url)
    select ${practice}::int4, ${id}::text, n, type, url
    from unnest(${inputs.map(({ type }) => type)}::text[], ${inputs.map(({ url }) => url)}::text[]) with ordinality as i (type, url, n)
  `)
}

interface InputRow extends Omit<ImportFile, 'isDone' | 'loaded' | 'failed' | 'bytes' | 'errors'> {
  readonly is_done: boolean
  readonly loaded: string
  readonly failed: string
  readonly bytes: string
  readonly errors: string | null
}

export async function inputsOf(runner: Runner, practice: number, id: string): Promise<ImportFile[]> {
  const rows = await runner.many<InputRow>(sql`
    select n, type, url, is_done, loaded, failed, bytes, errors from import_file
    where practice = ${practice} and import = ${id} order by n
  `)
  return rows.map(({ is_done: isDone, loaded, failed, bytes, errors, ...row }) => ({
    ...{ ...row, isDone, loaded: Number(loaded), failed: Number(failed), bytes: Number(bytes) },
    ...(errors !== null && { errors }),
  }))
}

/** What came of a file that is loaded whole. */
export async function finishInput(
  runner: Runner,
  practice: number,
  id: string,
  { n, loaded, failed, bytes, errors }: Pick<ImportFile, 'n' | 'loaded' | 'failed' | 'bytes' | 'errors'>,
): Promise<void> {
  await runner.run(sql`
    update import_file set is_done = true, loaded = ${loaded}, failed = ${failed}, bytes = ${bytes}, errors = ${errors ?? null}
    where practice = ${practice} and import = ${id} and n = ${n}
  `)
}

export async function removeInputs(runner: Runner, practice: number, ids: readonly string[]): Promise<void> {
  await runner.run(sql`delete from import_file where practice = ${practice} and import = any(${[...ids]}::text[])`)
}
