import type pg from 'pg'

/** Something was told to a channel by NOTIFY; the connection that hears it is kept, and made anew when it is lost. */
export interface Notices extends AsyncDisposable {
  /** Resolves at the next notice, or after so long: what was told while nobody heard is not told again. */
  next(milliseconds: number, signal: AbortSignal): Promise<void>
}

const againMs = 1000

/** `channel` is a name of ours. https://www.postgresql.org/docs/current/sql-listen.html */
export function hearNotices(pool: pg.Pool, channel: string): Notices {
  const waiting = new Set<() => void>()
  const tellAll = () => {
    for (const wake of waiting) wake()
  }
  let isClosed = false
  let client: pg.PoolClient | undefined
  let retry: NodeJS.Timeout | undefined

  async function connect(): Promise<void> {
    const connected = await pool.connect()
    const lose = (error?: Error) => {
      if (client !== connected) return
      client = undefined
      connected.release(error ?? true)
      again()
    }
    client = connected
    connected.on('notification', tellAll)
    connected.on('error', lose)
    connected.on('end', () => lose())
    await connected.query(`listen ${channel}`).catch(lose)
    if (isClosed) connected.release(true)
  }

  function again() {
    if (!isClosed) retry = setTimeout(() => connect().catch(again), againMs)
  }

  const connecting = connect().catch(again)
  return {
    next(milliseconds, signal) {
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
        if (signal.aborted) wake()
      })
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      clearTimeout(retry)
      await connecting
      const open = client
      client = undefined
      open?.release(true)
    },
  }
}
