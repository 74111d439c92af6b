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

function cancelling(db: Database, { client }: Transaction): () => void {
  const { processID } = client as PoolClient & { readonly processID: number }
  return () => void db.many(sql`select pg_cancel_backend(${processID})`).catch(() => undefined)
}

async function endedBy<T>(signal: AbortSignal, cancel: () => void, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  let repeating: NodeJS.Timeout | undefined
  const onAbort = () => {
    cancel()
    repeating = setInterval(cancel, againMs) // between two statements there was nothing to end
  }
  signal.addEventListener('abort', onAbort)
  try {
    return await work()
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', onAbort)
    clearInterval(repeating)
  }
}
