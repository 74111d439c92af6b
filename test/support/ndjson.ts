import { readFileSync } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'

export interface Resource {
  readonly resourceType: string
  readonly id: string
  readonly [element: string]: unknown
}

/** The resources of an NDJSON file, plain or zstandard. */
export function ndjson(file: string): Resource[] {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes).toString('utf8')
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as Resource]))
}
