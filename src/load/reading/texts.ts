import { type Bytes, peeked } from './bytes.ts'
import { linesOf } from './lines.ts'
import type { SourceFile } from './sources.ts'
import { valuesOf } from './values.ts'

/** Where something stood in the input, as the errors file tells it. */
export interface Place {
  readonly file: string
  readonly line?: number
  /** Index of a Bundle's entry, counted from 0 as in FHIRPath. */
  readonly entry?: number
}

/** The JSON of one resource or Bundle, not parsed yet; `bytes` is a length alone where it is longer than we read. */
export interface Text {
  readonly place: Place
  readonly bytes: Buffer | { readonly length: number }
}

/** The longest resource or Bundle that is read: it lies in memory as bytes, as text and parsed. */
export const longestBytes = 64 * 1024 * 1024

/** The texts of a file: one a line where its first line is a whole object, else its JSON values whatever their lines. */
export async function* textsOf(file: SourceFile): AsyncGenerator<Text[]> {
  const content = await withoutByteOrderMark(file.content)
  if (isNdjson(file.name)) return yield* lineTexts(file.name, content)
  const first = await firstLine(content)
  if (first.isWhole) yield* lineTexts(file.name, first.all)
  else yield* valueTexts(file.name, first.all)
}

export function isNdjson(file: string): boolean {
  return /\.(ndjson|jsonl)(\.|$)/i.test(file)
}

async function* lineTexts(file: string, content: Bytes): AsyncGenerator<Text[]> {
  for await (const { texts } of numberedTexts(file, content)) if (texts.length > 0) yield texts
}

/** A chunk of NDJSON; whatever is up to its last line has come with it or before. */
export interface NumberedTexts {
  readonly texts: NumberedText[]
  /** Counted from 1, blank or not. */
  readonly lastLine: number
}

export interface NumberedText extends Text {
  readonly place: Place & { readonly line: number }
}

/** The texts of NDJSON with the lines that they end at, so that one may go on behind a line. */
export async function* numberedTexts(file: string, source: Bytes): AsyncGenerator<NumberedTexts> {
  const content = await withoutByteOrderMark(source)
  for await (const { first, lines } of linesOf(content, longestBytes)) {
    const texts: NumberedText[] = []
    for (const [index, bytes] of lines.entries()) {
      if (!isBlank(bytes)) texts.push({ place: { file, line: first + index }, bytes })
    }
    yield { texts, lastLine: first + lines.length - 1 }
  }
}

async function* valueTexts(file: string, content: Bytes): AsyncGenerator<Text[]> {
  for await (const { bytes } of valuesOf(content, longestBytes)) yield [{ place: { file }, bytes }]
}

/** Whether the first line that is not blank begins with `{` and ends with `}`: then every line is a resource. */
async function firstLine(content: Bytes): Promise<{ isWhole: boolean; all: Bytes }> {
  let wanted = 64 * 1024
  let source = content
  while (true) {
    const { head, all } = await peeked(source, wanted)
    const start = head.findIndex((byte) => byte > 0x20)
    const end = start < 0 ? -1 : head.indexOf(0x0a, start)
    if (end < 0 && head.length >= wanted && wanted < longestBytes) {
      wanted *= 4
      source = all
      continue
    }
    const line = head.subarray(Math.max(start, 0), end < 0 ? head.length : end)
    return { isWhole: line[0] === 0x7b && lastByte(line) === 0x7d, all }
  }
}

function lastByte(line: Buffer): number | undefined {
  let at = line.length - 1
  while (at >= 0 && (line[at] as number) <= 0x20) at--
  return line[at]
}

function isBlank(bytes: Text['bytes']): boolean {
  return bytes instanceof Buffer && (bytes.length === 0 || (bytes.length < 16 && lastByte(bytes) === undefined))
}

async function withoutByteOrderMark(content: Bytes): Promise<Bytes> {
  const { head, all } = await peeked(content, 3)
  return head.length > 2 && head.readUIntBE(0, 3) === 0xefbbbf ? withoutFirst(3, all) : all
}

async function* withoutFirst(count: number, content: Bytes): AsyncGenerator<Buffer> {
  let left = count
  for await (const chunk of content) {
    if (chunk.length > left) yield chunk.subarray(left)
    left = Math.max(0, left - chunk.length)
  }
}
