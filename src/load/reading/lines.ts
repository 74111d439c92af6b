import type { Bytes } from './bytes.ts'

/** Consecutive lines without their line breaks; one that is longer than allowed has its length alone. */
export interface Lines {
  /** The number of the first of them, counted from 1. */
  readonly first: number
  readonly lines: readonly (Buffer | { readonly length: number })[]
}

const lineBreak = 0x0a

/** The lines of a stream, a chunk's worth at a time. Lines are cut from the bytes: text is made of whole lines only. */
export async function* linesOf(source: Bytes, longestBytes: number): AsyncGenerator<Lines> {
  const open = openLine(longestBytes)
  let number = 1
  for await (const chunk of source) {
    const lines: (Buffer | { length: number })[] = []
    let start = 0
    for (let end = chunk.indexOf(lineBreak); end >= 0; end = chunk.indexOf(lineBreak, start)) {
      lines.push(open.closed(chunk.subarray(start, end)))
      start = end + 1
    }
    open.add(chunk.subarray(start))
    if (lines.length > 0) yield { first: number, lines }
    number += lines.length
  }
  if (!open.isEmpty()) yield { first: number, lines: [open.closed(Buffer.alloc(0))] }
}

/** The line whose end has not come yet. Beyond the limit only its length is kept. */
function openLine(longestBytes: number) {
  let pieces: Buffer[] = []
  let length = 0
  const add = (piece: Buffer) => {
    length += piece.length
    if (length > longestBytes) pieces = []
    else if (piece.length > 0) pieces.push(piece)
  }
  const closed = (last: Buffer) => {
    if (length === 0 && last.length <= longestBytes) return last
    add(last)
    const line = length > longestBytes ? { length } : Buffer.concat(pieces)
    pieces = []
    length = 0
    return line
  }
  return { add, closed, isEmpty: () => length === 0 }
}
