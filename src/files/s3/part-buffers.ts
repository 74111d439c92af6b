/** S3 takes at most 10,000 parts of a file: 80 GB. */
export const partBytes = 8 << 20

/** So many are kept for the next file; more are made while more files are written at once. */
const mostKept = 4

/** Memory for parts that are sent, used again and again: made anew for each, it would cost as much as all the rest. */
export interface PartBuffers {
  take(): Buffer
  give(buffer: Buffer): void
}

export function partBuffers(): PartBuffers {
  const kept: Buffer[] = []
  return {
    take: () => kept.pop() ?? Buffer.allocUnsafeSlow(partBytes),
    give(buffer) {
      if (kept.length < mostKept) kept.push(buffer)
    },
  }
}
