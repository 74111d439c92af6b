/**
 * COPY … TO STDOUT (FORMAT binary): rows as the server sends them, on a connection without a time limit on statements.
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
import type pg from 'pg'
import { to } from 'pg-copy-streams'
import { translate } from './failures.ts'
import { withLiterals } from './literals.ts'
import type { OnStatement } from './on-statement.ts'
import { type Sql, toQuery } from './sql.ts'

/**
 * Told each row: its column `i` lies in `bytes` from fields[2 * i] to fields[2 * i + 1], which are -1 for null. Both are
 * overwritten afterwards. A promise holds the server back.
 */
export type OnCopied = (bytes: Buffer, fields: Int32Array) => void | Promise<void>

/** Resolves when every row was told; `signal` ends the statement on the server. */
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
      const reader = new RowReader(onRow)
      const stream = client.query(to(`copy (${withLiterals(statement)}) to stdout (format binary)`))
      for await (const chunk of stream) {
        const told = reader.feed(chunk as Buffer)
        if (told) await told
      }
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

const headerLength = 19

class RowReader {
  readonly #onRow: OnCopied
  readonly #held: Buffer[] = []
  #heldLength = 0
  /** So many bytes are wanted before anything can be told. */
  #wanted = headerLength
  #isBegun = false
  #fields = new Int32Array(16)

  constructor(onRow: OnCopied) {
    this.#onRow = onRow
  }

  feed(chunk: Buffer): void | Promise<void> {
    if (this.#heldLength + chunk.length < this.#wanted) {
      this.#hold(chunk)
      return
    }
    const bytes = this.#heldLength === 0 ? chunk : Buffer.concat([...this.#held, chunk])
    this.#held.length = 0
    this.#heldLength = 0
    const from = this.#isBegun ? 0 : headerLength
    this.#isBegun = true
    return this.#tell(bytes, from)
  }

  #hold(bytes: Buffer) {
    this.#held.push(bytes)
    this.#heldLength += bytes.length
  }

  #tell(bytes: Buffer, from: number): void | Promise<void> {
    let at = from
    for (;;) {
      const end = this.#rowEnd(bytes, at)
      if (end === undefined) {
        this.#wanted -= at
        if (at < bytes.length) this.#hold(Buffer.from(bytes.subarray(at)))
        return
      }
      at = end
      if (this.#isEnd) return
      const told = this.#onRow(bytes, this.#fields)
      if (told) return told.then(() => this.#tell(bytes, end))
    }
  }

  #isEnd = false

  /** Where the row at `at` ends, its fields noted; undefined while some of it is missing, and what is `wanted` is known. */
  #rowEnd(bytes: Buffer, at: number): number | undefined {
    this.#wanted = at + 2
    if (bytes.length < this.#wanted) return undefined
    const count = bytes.readInt16BE(at)
    this.#isEnd = count === -1
    let end = at + 2
    for (let i = 0; i < count; i++) {
      this.#wanted = end + 4
      if (bytes.length < this.#wanted) return undefined
      const length = bytes.readInt32BE(end)
      this.#fields[2 * i] = length < 0 ? -1 : end + 4
      end += 4 + Math.max(0, length)
      this.#fields[2 * i + 1] = length < 0 ? -1 : end
    }
    this.#wanted = end
    return bytes.length < end ? undefined : end
  }
}
