import type { FileHandle } from 'node:fs/promises'
import type { LineTally } from './line-tally.ts'
import type { Loading } from './loading.ts'

interface Checked extends Pick<Loading, 'item' | 'isNdjson' | 'ignoresCounts'> {
  readonly tally: LineTally
  readonly sentBytes: number | undefined
}

/** What is wrong with a file that has come to its end. */
export async function faultOf(file: FileHandle, checked: Checked): Promise<string | undefined> {
  const { item, tally, isNdjson, ignoresCounts, sentBytes } = checked
  if (isNdjson && !tally.beginsLikeJson) return 'it is no NDJSON'
  if (isNdjson && !tally.endsWithNewline && !(await isJson(file, tally))) return 'its last line is cut off'
  if (ignoresCounts) return undefined
  if (isNdjson && item.count !== undefined && item.count !== tally.lines) {
    return `it has ${tally.lines} lines, the manifest says ${item.count}`
  }
  // of the file as it is or as it was sent: the guide does not say
  if (item.bytes !== undefined && item.bytes !== tally.bytes && item.bytes !== sentBytes) {
    return `it has ${tally.bytes} bytes, the manifest says ${item.bytes}`
  }
  return undefined
}

const mostLineBytes = 64 * 1024 * 1024

async function isJson(file: FileHandle, { lineStart, bytes }: LineTally): Promise<boolean> {
  if (bytes - lineStart > mostLineBytes) return true
  const line = Buffer.alloc(bytes - lineStart)
  await file.read(line, 0, line.length, lineStart)
  try {
    JSON.parse(line.toString('utf8'))
    return true
  } catch {
    return false
  }
}
