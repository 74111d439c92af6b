import { zstdDecompressSync } from 'node:zlib'
import type { Database, Sql } from '#db'

/** Where a line stands in the order of its selection. */
export type LinePlace = readonly [first: string, rid: string]

export interface Line {
  /** The text lies in `bytes` from `start` to `end`; it may be overwritten after the listener's answer. */
  bytes: Buffer
  start: number
  end: number
  /** Something has to be looked after before it goes out: it was marked, or it is a version of long ago. */
  isMarked: boolean
  /** Where it stands, as 16 bytes that `placeIn` reads. */
  readonly place: Buffer
}

export function placeIn(bytes: Buffer): LinePlace {
  return [String(bytes.readBigInt64BE(0)), String(bytes.readBigInt64BE(8))]
}

/** One for all rows of a statement, as they pass by. */
export class CopiedLine implements Line {
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  end = 0
  isMarked = false
  readonly place = Buffer.alloc(16)

  /** Columns: first, rid, whether marked, text, and the text of a replaced version, compressed. */
  read(bytes: Buffer, fields: Int32Array) {
    bytes.copy(this.place, 0, fields[0], fields[1])
    bytes.copy(this.place, 8, fields[2], fields[3])
    const [start = -1, end = -1] = [fields[6], fields[7]]
    this.isMarked = bytes[fields[4] ?? 0] === 1 || start < 0
    if (start < 0) this.#unpack(bytes.subarray(fields[8], fields[9]))
    else {
      this.bytes = bytes
      this.start = start
      this.end = end
    }
  }

  #unpack(old: Buffer) {
    this.bytes = zstdDecompressSync(old)
    this.start = 0
    this.end = this.bytes.length
  }
}

export type OnLine = (line: Line) => void | Promise<void>

export interface LinesRead {
  readonly lines: number
  readonly last: LinePlace | undefined
}

/** Tells each line of a statement with the columns that a CopiedLine reads, in their order. */
export async function copyLines(
  db: Pick<Database, 'copyOut'>,
  statement: Sql,
  onLine: OnLine,
  signal?: AbortSignal,
): Promise<LinesRead> {
  const line = new CopiedLine()
  let lines = 0
  await db.copyOut(
    statement,
    (bytes, fields) => {
      lines++
      line.read(bytes, fields)
      return onLine(line)
    },
    signal,
  )
  return { lines, last: lines === 0 ? undefined : placeIn(line.place) }
}
