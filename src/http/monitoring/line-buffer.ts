import { writeSync } from 'node:fs'

/**
 * Lines of the log, written a tenth of a second at a time: a system call for each would cost more than the line itself.
 * They go out in pieces of whole lines that a pipe takes at once, since other processes may write to it, too.
 * `flush` writes what waits; the process calls it before it ends.
 */
export function lineBuffer(file: number, everyMs = 100) {
  let waiting = ''
  let timer: NodeJS.Timeout | undefined
  function flush() {
    clearTimeout(timer)
    timer = undefined
    const bytes = Buffer.from(waiting)
    const written = writeSome(file, bytes)
    waiting = written === bytes.length ? '' : bytes.toString('utf8', written)
    if (waiting !== '') later()
  }
  function later() {
    timer ??= setTimeout(flush, everyMs).unref()
  }
  return {
    write(line: string) {
      // A reader that has stopped reading loses lines rather than the server its memory.
      if (waiting.length > mostWaiting) return
      waiting += line
      later()
    },
    flush,
    [Symbol.dispose]: flush,
  }
}

const mostWaiting = 64 * 1024 * 1024

/** PIPE_BUF of Linux: what a pipe takes of one writer before another's. */
const atOnce = 4096

/** The whole lines that fit into one piece; a longer line goes by itself. */
export function pieceLength(bytes: Buffer, from: number): number {
  if (bytes.length - from <= atOnce) return bytes.length - from
  const end = bytes.lastIndexOf(lineBreak, from + atOnce - 1)
  return (end >= from ? end : bytes.indexOf(lineBreak, from)) + 1 - from // each line has its break
}

const lineBreak = 0x0a

/** How many bytes the file took: a pipe whose reader is slow takes some of them, or none. */
function writeSome(file: number, bytes: Buffer): number {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written, pieceLength(bytes, written))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EPIPE') return bytes.length // nobody reads the log any more
    if (code !== 'EAGAIN') throw error
  }
  return written
}
