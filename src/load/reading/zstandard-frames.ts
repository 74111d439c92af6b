/**
 * A .zst file is one frame or several one after another (`cat a.zst b.zst`, pzstd). Node 24's decoder stops at the end of
 * the first and drops what stands behind it in the same chunk, so the frames are cut apart here and decoded one by one.
 * RFC 8878 §3.1: a frame is a header, blocks that tell their length and which is the last, and perhaps a checksum.
 */
export interface Frames {
  /** Whether another frame begins. */
  hasMore(): Promise<boolean>
  /** The pieces of the frame that begins here; to be read to their end before the next. */
  frame(): AsyncGenerator<Buffer>
}

export function zstandardFrames(source: AsyncIterable<Buffer>): Frames {
  const chunks = source[Symbol.asyncIterator]()
  let chunk: Buffer = Buffer.alloc(0)
  const hasMore = async () => {
    while (chunk.length === 0) {
      const step = await chunks.next()
      if (step.done) return false
      chunk = step.value
    }
    return true
  }
  return {
    hasMore,
    async *frame() {
      const walk = frameWalk()
      while (await hasMore()) {
        const end = walk(chunk)
        const piece = chunk.subarray(0, end ?? chunk.length)
        chunk = chunk.subarray(piece.length)
        yield piece
        if (end !== undefined) return
      }
    },
  }
}

type Step = {
  readonly phase: 'start' | 'skippable' | 'block' | 'end'
  readonly headerBytes: number
  readonly skipped: number
}

/** Walks through one frame, chunk by chunk; answers where in the chunk it ends, once it does. */
function frameWalk(): (chunk: Buffer) => number | undefined {
  const header = Buffer.alloc(8)
  let filled = 0
  let hasChecksum = false
  let step: Step = { phase: 'start', headerBytes: 5, skipped: 0 }
  let skipped = 0

  const next = (): Step => {
    if (step.phase === 'start') {
      if ((header.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50)
        return { phase: 'skippable', headerBytes: 8, skipped: 0 }
      hasChecksum = (header.readUInt8(4) & 4) !== 0
      return { phase: 'block', headerBytes: 3, skipped: restOfHeader(header.readUInt8(4)) }
    }
    if (step.phase === 'skippable') return { phase: 'end', headerBytes: 0, skipped: header.readUInt32LE(4) }
    const block = header.readUIntLE(0, 3)
    const isLast = (block & 1) === 1
    // A block of type 1 is one byte that is repeated.
    const length = ((block >> 1) & 3) === 1 ? 1 : block >> 3
    if (!isLast) return { phase: 'block', headerBytes: 3, skipped: length }
    return { phase: 'end', headerBytes: 0, skipped: length + (hasChecksum ? 4 : 0) }
  }

  return (chunk) => {
    for (let at = 0; ; ) {
      const jump = Math.min(skipped, chunk.length - at)
      skipped -= jump
      at += jump
      if (skipped === 0 && step.phase === 'end') return at
      if (at === chunk.length) return undefined
      header[filled++] = chunk[at++] as number
      if (filled < step.headerBytes) continue
      step = next()
      skipped = step.skipped
      if (step.phase !== 'skippable') filled = 0
    }
  }
}

/** What follows the descriptor: window, dictionary and content size. RFC 8878 §3.1.1.1 */
function restOfHeader(descriptor: number): number {
  const isSingleSegment = (descriptor & 0x20) !== 0
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  return (isSingleSegment ? 0 : 1) + dictionary + contentSize
}
