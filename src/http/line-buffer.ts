import { writeSync } from 'node:fs'

/**
 * Lines of the log, written a tenth of a second at a time: a system call for each would cost more than the line itself.
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
  }
}

const mostWaiting = 64 * 1024 * 1024

/** How many bytes the file took: a pipe whose reader is slow takes some of them, or none. */
function writeSome(file: number, bytes: Buffer): number {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EPIPE') return bytes.length // nobody reads the log any more
    if (code !== 'EAGAIN') throw error
  }
  return written
}
