/** The pool and the statements on it: the only user of the driver besides `copy.ts`. */
import pg from 'pg'
import { translate } from './failures.ts'
import { type Sql, toQuery } from './sql.ts'

export interface DatabaseOptions {
  /** postgres:// URL, or the folder of a unix socket with the other fields. */
  readonly url?: string
  readonly host?: string
  readonly port?: number
  readonly user?: string
  readonly database?: string
  /** Connections of this process. */
  readonly connections?: number
  /** A statement that runs longer is ended (57014). */
  readonly statementSeconds?: number
  /** Told each statement, for tests that count and check them and benchmarks that run the same ones. */
  readonly onStatement?: OnStatement
}

export type OnStatement = (text: string, values: readonly unknown[], isPrepared: boolean) => void

export interface Runner {
  /** Every row. `prepare: false` plans for these values each time (searches over a population). */
  many<Row>(statement: Sql, options?: { prepare?: boolean }): Promise<Row[]>
  maybeOne<Row>(statement: Sql): Promise<Row | undefined>
  /** The number of rows that the statement changed. */
  run(statement: Sql): Promise<number>
  /** Rows as arrays of text, for hot paths. */
  arrays(text: string, values: unknown[]): Promise<unknown[][]>
}

export interface Transaction extends Runner {
  readonly client: pg.PoolClient
  /** Told what is sent to `client` besides statements: COPY. */
  readonly onStatement: OnStatement
}

export interface Database extends Runner {
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /** Several statements at once, as a migration file has them. */
  script(text: string): Promise<void>
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const mostPrepared = 1000
const names = new Map<string, string>()

/** A statement's text is prepared once per connection under a name of its own. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined) return known
  if (names.size >= mostPrepared) return undefined
  const made = `s${names.size}`
  names.set(text, made)
  return made
}

/** Rows as arrays of text, unparsed. */
const asText = { rowMode: 'array', types: { getTypeParser: () => (text: string) => text } } as const

function runnerOn(client: pg.Pool | pg.PoolClient, onStatement: OnStatement): Runner {
  async function query(text: string, values: unknown[], prepare: boolean, form?: typeof asText) {
    const statementName = prepare ? nameOf(text) : undefined
    onStatement(text, values, statementName !== undefined)
    const config = { text, values, ...(statementName && { name: statementName }), ...form }
    try {
      return await client.query(config)
    } catch (error) {
      throw translate(error)
    }
  }
  return {
    async many<Row>(statement: Sql, { prepare = true } = {}) {
      const { text, values } = toQuery(statement)
      return (await query(text, values, prepare)).rows as Row[]
    },
    async maybeOne<Row>(statement: Sql) {
      const { text, values } = toQuery(statement)
      return (await query(text, values, true)).rows[0] as Row | undefined
    },
    async run(statement) {
      const { text, values } = toQuery(statement)
      return (await query(text, values, true)).rowCount ?? 0
    },
    async arrays(text, values) {
      return (await query(text, values, true, asText)).rows as unknown as unknown[][]
    },
  }
}

export function openDatabase(options: DatabaseOptions): Database {
  const { connections = 4, statementSeconds = 30, onStatement = () => {} } = options
  const pool = new pg.Pool({
    ...(options.url ? { connectionString: options.url } : { host: options.host, port: options.port }),
    ...(options.user && { user: options.user }),
    ...(options.database && { database: options.database }),
    max: connections,
    connectionTimeoutMillis: 10_000,
    statement_timeout: statementSeconds * 1000,
    application_name: 'charthouse',
  })
  pool.on('error', () => {}) // an idle connection that the server ended: the next use opens another
  return {
    ...runnerOn(pool, onStatement),
    async transaction(work) {
      const client = await pool.connect().catch((error: unknown) => {
        throw translate(error)
      })
      const runner = runnerOn(client, onStatement)
      let failure: Error | undefined
      try {
        await client.query('begin')
        const result = await work({ ...runner, client, onStatement })
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback').catch((rollbackError: Error) => {
          failure = rollbackError
        })
        throw translate(error)
      } finally {
        client.release(failure)
      }
    },
    async script(text) {
      await pool.query(text).catch((error: unknown) => {
        throw translate(error)
      })
    },
    close: () => pool.end(),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}
