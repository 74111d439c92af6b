import { Problem } from '#lib'

/** The rows of a CSV file, empty ones left out, with the line that each begins in. https://www.rfc-editor.org/rfc/rfc4180 */
export function csvRows(text: string): { readonly line: number; readonly fields: readonly string[] }[] {
  const rows: { line: number; fields: string[] }[] = []
  let line = 1
  let row = { line, fields: [] as string[] }
  for (const [whole, quoted, plain = '', end] of text.replace(/^\uFEFF/, '').matchAll(field)) {
    if (whole === '') break
    row.fields.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'))
    line += whole.split('\n').length - 1
    if (end === ',') continue
    if (plain.startsWith('"')) throw new Problem('incorrect', `The quotation mark in line ${row.line} is not closed`)
    if (row.fields.some((value) => value !== '')) rows.push(row)
    row = { line, fields: [] }
  }
  return rows
}

/** A quoted or a plain value, and what ends it. */
const field = /(?:"((?:[^"]|"")*)"[ \t]*|([^,\r\n]*))(,|\r?\n|\r|$)/g
