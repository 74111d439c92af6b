/** The files of an export, in the order in which they were finished. */
import { type Runner, sql, type Transaction } from '#db'
import type { ExportFile } from '../export.ts'

interface FileRow extends Omit<ExportFile, 'encoding' | 'continuesIn' | 'lines' | 'bytes' | 'storedBytes'> {
  readonly encoding: 'gzip' | null
  readonly lines: string
  readonly bytes: string
  readonly stored_bytes: string
  readonly continues_in: string | null
}

const columns = sql`seq, kind, type, name, stored, encoding, lines, bytes, stored_bytes, continues_in`

export async function filesOf(runner: Runner, practice: number, id: string): Promise<ExportFile[]> {
  const rows = await runner.many<FileRow>(sql`
    select ${columns} from export_file where practice = ${practice} and export = ${id} order by seq
  `)
  return rows.map(toFile)
}

export async function fileNamed(
  runner: Runner,
  practice: number,
  id: string,
  name: string,
): Promise<ExportFile | undefined> {
  const row = await runner.maybeOne<FileRow>(sql`
    select ${columns} from export_file where practice = ${practice} and export = ${id} and name = ${name}
  `)
  return row && toFile(row)
}

/** An attachment is named before it is written, since lines name it. */
export type NewFile = Omit<ExportFile, 'seq' | 'name'> & { readonly name?: string }

/** Adds files as one step; `nameOf` is told how many files of its kind and type there were before. Whoever adds locks the export. */
export async function addFiles(
  transaction: Transaction,
  practice: number,
  id: string,
  added: { readonly files: readonly NewFile[]; readonly nameOf: (file: NewFile, n: number) => string },
): Promise<void> {
  const { files, nameOf } = added
  if (files.length === 0) return
  await transaction.run(sql`select 1 from export where practice = ${practice} and id = ${id} for update`)
  const there = await transaction.many<{ kind: string; type: string; files: number; last: number }>(sql`
    select kind, type, count(*)::int4 as files, max(seq) as last from export_file
    where practice = ${practice} and export = ${id} group by kind, type
  `)
  const first = Math.max(0, ...there.map(({ last }) => last)) + 1
  const counts = new Map(there.map(({ kind, type, files: n }) => [`${kind} ${type}`, n]))
  const names = files.map((file) => {
    const place = `${file.kind} ${file.type}`
    const n = (counts.get(place) ?? 0) + 1
    counts.set(place, n)
    return file.name ?? nameOf(file, n)
  })
  const column = <Key extends keyof NewFile>(key: Key) => files.map((file) => file[key] ?? null)
  await transaction.run(sql`
    insert into export_file (practice, export, seq, kind, type, name, stored, encoding, lines, bytes, stored_bytes, continues_in)
    select ${practice}::int4, ${id}::text, (${first}::int4 + f.i - 1)::int4, f.kind, f.type, f.name, f.stored, f.encoding,
      f.lines, f.bytes, f.stored_bytes, f.continues_in
    from unnest(${column('kind')}::text[], ${column('type')}::text[], ${names}::text[], ${column('stored')}::text[],
      ${column('encoding')}::text[], ${column('lines')}::int8[], ${column('bytes')}::int8[], ${column('storedBytes')}::int8[],
      ${column('continuesIn')}::text[]) with ordinality as f (kind, type, name, stored, encoding, lines, bytes, stored_bytes, continues_in, i)
  `)
}

function toFile({
  encoding,
  lines,
  bytes,
  stored_bytes: storedBytes,
  continues_in: continuesIn,
  ...row
}: FileRow): ExportFile {
  return {
    ...row,
    lines: Number(lines),
    bytes: Number(bytes),
    storedBytes: Number(storedBytes),
    ...(encoding && { encoding }),
    ...(continuesIn !== null && { continuesIn }),
  }
}
