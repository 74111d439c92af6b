import type pg from 'pg'

/** Something was told to a channel by NOTIFY; the connection that hears it is kept, and made anew when it is lost. */
export interface Notices extends AsyncDisposable {
  /** Grows with each notice: whoever notes it before looking for something misses none that comes meanwhile. */
  readonly told: number
  /** Resolves at the first notice since `told` was this, or after so long: what was told while nobody heard is not told again. */
  next(milliseconds: number, signal: AbortSignal, told: number): Promise<void>
}

const againMs = 1000

/** `channel` is a name of ours. https://www.postgresql.org/docs/current/sql-listen.html */
export function hearNotices(pool: pg.Pool, channel: string): Notices {
  const waiting = new Set<() => void>()
  let told = 0
  const tellAll = () => {
    told++
    for (const wake of waiting) wake()
  }
  let isClosed = false
  let connecting = Promise.resolve()
  let release = () => {}
  let retry: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const client = await pool.connect()
    let isReleased = false
    release = () => {
      if (!isReleased) client.release(true)
      isReleased = true
    }
    const lose = () => {
      if (isReleased) return
      release()
      again()
    }
    client.on('notification', tellAll).on('error', lose).on('end', lose)
    if (isClosed) return release()
    await client.query(`listen ${channel}`).then(tellAll, lose)
  }

  function begin() {
    connecting = connect().catch(again)
  }

  function again() {
    if (!isClosed) retry = setTimeout(begin, againMs)
  }

  begin()
  return {
    get told() {
      return told
    },
    next(milliseconds, signal, since) {
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer)
          waiting.delete(wake)
          signal.removeEventListener('abort', wake)
          resolve()
        }
        const timer = setTimeout(wake, milliseconds)
        waiting.add(wake)
        signal.addEventListener('abort', wake)
        if (signal.aborted || told > since) wake()
      })
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      clearTimeout(retry)
      await connecting
      release()
    },
  }
}
