/**
 * COPY … TO STDOUT (FORMAT binary): rows as the server sends them, on a connection without a time limit on statements.
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
import type { Socket } from 'node:net'
import type pg from 'pg'
import { CopiedRows, type OnCopied } from './copied-rows.ts'
import { CopySocket } from './copy-socket.ts'
import { translate } from './failures.ts'
import { withLiterals } from './literals.ts'
import type { OnStatement } from './on-statement.ts'
import { type Sql, toQuery } from './sql.ts'

/** Resolves when every row was told; `signal` ends the statement on the server. Whatever it says, no row is told afterwards. */
export type CopyOut = (statement: Sql, onRow: OnCopied, signal?: AbortSignal) => Promise<void>

export function openCopyOut(pool: pg.Pool, cancel: pg.Pool, onStatement: OnStatement): CopyOut {
  return async (statement, onRow, signal) => {
    signal?.throwIfAborted()
    const client = await pool.connect().catch((error: unknown) => {
      throw translate(error)
    })
    const { processID } = client as pg.PoolClient & { readonly processID: number }
    const stop = () => void cancel.query('select pg_cancel_backend($1)', [processID]).catch(() => client.end())
    signal?.addEventListener('abort', stop)
    const { text, values } = toQuery(statement)
    onStatement(text, values, false)
    let failure: unknown
    try {
      await new Promise<void>((resolve, reject) => {
        const done = (error?: unknown) => (error === undefined ? resolve() : reject(error))
        client.query(new Copying(`copy (${withLiterals(statement)}) to stdout (format binary)`, onRow, done))
      })
    } catch (error) {
      failure = error
      if (signal?.aborted) throw signal.reason
      throw translate(error)
    } finally {
      signal?.removeEventListener('abort', stop)
      // what was broken off leaves the connection in the middle of an answer, or with a cancellation on its way
      client.release(failure !== undefined || signal?.aborted === true)
    }
  }
}

type Listener = (bytes: Buffer) => void

/**
 * What the driver needs of a query (https://node-postgres.com/apis/client#clientquery). Between the statement and the end of
 * its rows the bytes come here and not to the driver, which would make an object of each row.
 */
class Copying implements pg.Submittable {
  readonly #text: string
  readonly #rows: CopiedRows
  readonly #done: (error?: unknown) => void
  #stream: Socket | undefined
  #driver: Listener | undefined
  /** What listens is busy with a row. */
  #telling: Promise<void> = Promise.resolve()

  constructor(text: string, onRow: OnCopied, done: (error?: unknown) => void) {
    this.#text = text
    this.#rows = new CopiedRows(onRow)
    this.#done = done
  }

  submit(connection: pg.Connection) {
    const stream = connection.stream as Socket
    const [driver, ...others] = stream.listeners('data') as Listener[]
    if (!driver || others.length > 0) throw new TypeError('the driver listens otherwise than it did')
    this.#stream = stream
    this.#driver = driver
    stream.off('data', driver).on('data', this.#take)
    if (stream instanceof CopySocket) stream.isShared = true
    connection.query(this.#text)
  }

  readonly #take = (bytes: Buffer) => {
    try {
      const told = this.#rows.feed(bytes)
      if (!told) return this.#handBack()
      this.#stream?.pause()
      this.#telling = told.then(() => {
        this.#handBack()
        this.#stream?.resume()
      }, this.#fail)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** What comes behind the rows is the driver's: that they are all, or a failure. */
  #handBack() {
    const { rest } = this.#rows
    const [stream, driver] = [this.#stream, this.#driver]
    if (!rest || !stream || !driver) return
    if (stream instanceof CopySocket) stream.isShared = false
    stream.off('data', this.#take).on('data', driver)
    driver(rest)
  }

  /** The connection is given up by whoever is told. */
  readonly #fail = (error: unknown) => {
    this.#stream?.off('data', this.#take)
    this.#done(error)
  }

  /** The connection may be lost while a row is told: whoever listens has done with it before the failure is told. */
  handleError(error: Error) {
    this.#rows.stop()
    void this.#telling.then(() => this.#done(error))
  }

  handleReadyForQuery() {
    this.#done()
  }

  handleCommandComplete() {}
  handleRowDescription() {}
  handleDataRow() {}
}
