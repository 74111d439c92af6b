import type { PoolClient } from 'pg'
import type { Database, Transaction } from './database.ts'
import { sql } from './sql.ts'

const againMs = 200

/** Transactions of which `signal` ends, on the server, the statement that runs and what would run next. */
export function cancellable(db: Database, signal: AbortSignal): Pick<Database, 'transaction' | 'pipeline'> {
  return {
    pipeline: db.pipeline,
    transaction: (work) =>
      db.transaction((transaction) => endedBy(signal, cancelling(db, transaction), () => work(transaction))),
  }
}

function cancelling(db: Database, { client }: Transaction): () => Promise<unknown> {
  const { processID } = client as PoolClient & { readonly processID: number }
  return () => db.many(sql`select pg_cancel_backend(${processID})`).catch(() => undefined)
}

async function endedBy<T>(signal: AbortSignal, cancel: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  let repeating: NodeJS.Timeout | undefined
  const cancelled: Promise<unknown>[] = []
  const onAbort = () => {
    cancelled.push(cancel())
    repeating ??= setInterval(onAbort, againMs) // between two statements there was nothing to end
  }
  signal.addEventListener('abort', onAbort)
  try {
    return await work()
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', onAbort)
    clearInterval(repeating)
    await Promise.all(cancelled) // one that waits for a connection would end what the next one does on this
  }
}
