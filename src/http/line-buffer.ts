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
    const text = waiting
    waiting = ''
    if (text !== '') writeAll(file, Buffer.from(text))
  }
  return {
    write(line: string) {
      waiting += line
      timer ??= setTimeout(flush, everyMs)
      timer.unref()
    },
    flush,
  }
}

/** A pipe that is full says EAGAIN: what it did not take is tried again. */
function writeAll(file: number, bytes: Buffer) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(file, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return // nobody reads the log any more
      if (code !== 'EAGAIN') throw error
    }
  }
}
