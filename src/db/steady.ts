/**
 * Look-ups run on one connection that is kept for them, and their rows are handed on as they come off the wire: taking a
 * connection from the pool and building a result cost more than what they look up.
 */
import type pg from 'pg'
import { translate } from './failures.ts'
import type { OnStatement } from './on-statement.ts'

/** A statement with values as PostgreSQL reads them; it is prepared once per connection under its name. */
export interface SteadyStatement {
  readonly name: string
  readonly text: string
  readonly values: readonly string[]
}

/** Told each row, its columns as text. */
export type OnRow = (columns: readonly (string | null)[]) => void

/** Rejects with what went wrong; rows that came before are told already. */
export type Steady = ((statement: SteadyStatement, onRow: OnRow) => Promise<void>) & { close(): Promise<void> }

export function openSteady(pool: pg.Pool, onStatement: OnStatement): Steady {
  let connecting: Promise<pg.PoolClient> | undefined
  let connected: pg.PoolClient | undefined

  async function connect(): Promise<pg.PoolClient> {
    const client = await pool.connect()
    const forget = (error?: Error) => {
      if (connected !== client) return
      connecting = connected = undefined
      client.release(error ?? true)
    }
    client.on('error', forget)
    client.on('end', () => forget())
    connected = client
    return client
  }

  function run(client: pg.PoolClient, statement: SteadyStatement, onRow: OnRow): Promise<void> {
    return new Promise((resolve, reject) => {
      client.query(new TextRows(statement, onRow, (error) => (error ? reject(translate(error)) : resolve())))
    })
  }

  const steady = (statement: SteadyStatement, onRow: OnRow): Promise<void> => {
    onStatement(statement.text, statement.values, true)
    if (connected) return run(connected, statement, onRow)
    connecting ??= connect().catch((error: unknown) => {
      connecting = undefined
      throw translate(error)
    })
    return connecting.then((client) => run(client, statement, onRow))
  }
  return Object.assign(steady, {
    async close() {
      const client = await connecting?.catch(() => undefined)
      connecting = connected = undefined
      client?.release(true)
    },
  })
}

/** What the driver needs of a query (https://node-postgres.com/apis/client#clientquery): it sends itself and is told what comes back. */
class TextRows implements pg.Submittable {
  readonly name: string
  readonly text: string
  readonly values: readonly string[]
  readonly handleReadyForQuery: () => void
  readonly handleError: (error: Error) => void
  readonly #onRow: OnRow

  constructor({ name, text, values }: SteadyStatement, onRow: OnRow, done: (error?: Error) => void) {
    this.name = name
    this.text = text
    this.values = values
    this.#onRow = onRow
    this.handleReadyForQuery = () => done()
    this.handleError = done
  }

  submit(connection: pg.Connection & { parsedStatements?: Record<string, string> }): void {
    connection.stream.cork()
    if (connection.parsedStatements?.[this.name] === undefined) connection.parse({ ...this, types: [] }, true)
    connection.bind({ statement: this.name, values: [...this.values] }, true)
    connection.execute({}, true)
    connection.sync()
    connection.stream.uncork()
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#onRow(fields)
  }

  handleRowDescription(): void {}
  handleCommandComplete(): void {}
}
