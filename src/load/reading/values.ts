import type { Bytes } from './bytes.ts'

/** A JSON value that stands alone in a file, or beside others as `cat a.json b.json` leaves them. */
export interface Value {
  readonly bytes: Buffer | { readonly length: number }
  /** The file ended within it. */
  readonly isCut: boolean
}

const quote = 0x22
const backslash = 0x5c

/** The top-level objects and arrays of a stream. What is longer than allowed has its length alone. */
export async function* valuesOf(source: Bytes, longestBytes: number): AsyncGenerator<Value> {
  const scan = { depth: 0, inString: false, isEscaped: false }
  let pieces: Buffer[] = []
  let length = 0
  const add = (piece: Buffer) => {
    length += piece.length
    if (length > longestBytes) pieces = []
    else pieces.push(piece)
  }
  const taken = (isCut: boolean): Value => {
    const bytes = length > longestBytes ? { length } : Buffer.concat(pieces)
    pieces = []
    length = 0
    return { bytes, isCut }
  }
  for await (const chunk of source) {
    let start = 0
    for (let end = valueEnd(chunk, 0, scan); end >= 0; end = valueEnd(chunk, end, scan)) {
      add(chunk.subarray(start, end))
      start = end
      yield taken(false)
    }
    add(chunk.subarray(start))
  }
  if (length > longestBytes || !isBlank(pieces)) yield taken(true)
}

interface Scan {
  depth: number
  inString: boolean
  isEscaped: boolean
}

/** Where, from `at` on, the value that is open ends in this chunk; -1 when it goes on in the next. */
function valueEnd(chunk: Buffer, from: number, scan: Scan): number {
  let { depth, inString, isEscaped } = scan
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at]
    if (isEscaped) isEscaped = false
    else if (inString) {
      if (byte === backslash) isEscaped = true
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === 0x7b || byte === 0x5b) depth++
    else if ((byte === 0x7d || byte === 0x5d) && --depth <= 0) {
      Object.assign(scan, { depth: 0, inString: false, isEscaped: false })
      return at + 1
    }
  }
  Object.assign(scan, { depth, inString, isEscaped })
  return -1
}

function isBlank(pieces: readonly Buffer[]): boolean {
  return pieces.every((piece) => /^\s*$/.test(piece.toString('latin1')))
}
