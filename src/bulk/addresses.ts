/** Where exports are found: the standard's addresses below the base, and those of the practice's dialect. */
import type { ExportForm } from '#dialects'
import type { Practice } from '#http'
import type { Export, ExportFile } from './export.ts'

export const statusPath = '/$export-status/{id}'
export const filePath = '/$export-file/{id}/{name}'

type Placed = Pick<Practice, 'root' | 'id' | 'dialect'>

export function statusAddress({ root, dialect }: Placed, { base, id }: Pick<Export, 'base' | 'id'>): string {
  const [path] = dialect.export.statusPaths
  return path === undefined ? base + filled(statusPath, { id }) : root + filled(path, { id })
}

/** `ticket`: what stands for a token. */
export function fileAddress(
  practice: Placed,
  { base, id }: Pick<Export, 'base' | 'id'>,
  { type, name, ticket }: Pick<ExportFile, 'type' | 'name'> & { readonly ticket?: string | undefined },
): string {
  const [path] = practice.dialect.export.filePaths
  const values = { practice: practice.id, id, type, name }
  const address = path === undefined ? base + filled(filePath, values) : practice.root + filled(path, values)
  return ticket === undefined ? address : `${address}${address.includes('?') ? '&' : '?'}ticket=${ticket}`
}

/** Name of file `n` of its kind and type. */
export function fileNameOf(
  { fileName }: ExportForm,
  { kind, type }: Pick<ExportFile, 'kind' | 'type'>,
  n: number,
): string {
  const known = { output: type, deleted: 'deleted', error: 'error', attachment: 'attachment' }[kind]
  const isLowerCase = fileName.includes('{type}')
  return fileName.replace(/\{type\}/i, isLowerCase ? known.toLowerCase() : known).replace('{n}', String(n))
}

function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}
