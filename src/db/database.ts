/** The pool and the statements on it: the only user of the driver besides `copy.ts`. */
import pg from 'pg'
import { type CopyOut, openCopyOut } from './copy-out.ts'
import { CopySocket } from './copy-socket.ts'
import { translate } from './failures.ts'
import { JoinedWrites } from './joined-writes.ts'
import { hearNotices, type Notices } from './notices.ts'
import type { OnStatement } from './on-statement.ts'
import { type Sql, toQuery } from './sql.ts'
import { openSteady, type Steady } from './steady.ts'

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

export interface Runner {
  /** Every row. `prepare: false` plans for these values each time (searches over a population). */
  many<Row>(statement: Sql, options?: { prepare?: boolean }): Promise<Row[]>
  maybeOne<Row>(statement: Sql): Promise<Row | undefined>
  /** The number of rows that the statement changed. */
  run(statement: Sql): Promise<number>
}

export interface Transaction extends Runner {
  readonly client: pg.PoolClient
  /** Told what is sent to `client` besides statements: COPY. */
  readonly onStatement: OnStatement
}

export interface Pipeline extends Runner {
  /** Sends a statement whose answer nobody waits for; where it fails, the transaction does. */
  send(statement: Sql): void
}

export interface Database extends Runner {
  /** For look-ups: on a connection of its own. */
  readonly steady: Steady
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  /**
   * A transaction whose statements go out one behind the other without waiting for answers: what `work` starts before it
   * awaits takes one way there and back, and `commit` goes with what was sent last. There is no COPY in it.
   */
  pipeline<T>(work: (transaction: Pipeline) => Promise<T>): Promise<T>
  /** The rows of a statement of any length, for exports. */
  readonly copyOut: CopyOut
  /** Hears what is told to a channel, on a connection of its own. */
  hear(channel: string): Notices
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

function runnerOn(client: Pick<pg.PoolClient, 'query'> | pg.Pool, onStatement: OnStatement): Runner {
  async function query(text: string, values: unknown[], prepare: boolean) {
    const statementName = prepare ? nameOf(text) : undefined
    onStatement(text, values, statementName !== undefined)
    const config = { text, values, ...(statementName && { name: statementName }) }
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
  }
}

/** Does `work` on a connection of its own; what fails is taken back. */
async function connected<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw translate(error)
  })
  let failure: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    await client.query('rollback').catch((rollbackError: Error) => {
      failure = rollbackError
    })
    throw translate(error)
  } finally {
    client.release(failure)
  }
}

/** Statements that are started together wait for each other here, not in the driver. */
function inTurn(client: pg.PoolClient): Pick<pg.PoolClient, 'query'> {
  let last: Promise<unknown> = Promise.resolve()
  const query = (config: pg.QueryConfig) => {
    const ask = () => client.query(config)
    const answer = last.then(ask, ask)
    last = answer
    return answer
  }
  return { query: query as pg.PoolClient['query'] }
}

async function pipelined<T>(
  client: pg.PoolClient,
  onStatement: OnStatement,
  work: (transaction: Pipeline) => Promise<T>,
): Promise<T> {
  const runner = runnerOn(client, onStatement)
  const sent: Promise<unknown>[] = []
  const keep = (answer: Promise<unknown>) => {
    answer.catch(() => {}) // told below
    sent.push(answer)
  }
  keep(client.query('begin'))
  const done = work({ ...runner, send: (statement) => keep(runner.run(statement)) })
  await done.then(
    () => keep(client.query('commit')),
    () => {},
  )
  const failures = [done, ...sent].map((answer) =>
    answer.then(
      () => undefined,
      (error: unknown) => error,
    ),
  )
  const failed = (await Promise.all(failures)).filter((error) => error !== undefined)
  // what comes behind a failure fails, too, and says nothing of it
  if (failed.length > 0) throw failed.find((error) => (error as { code?: string }).code !== '25P02') ?? failed[0]
  return done
}

type Use = 'statements' | 'pipelines' | 'copies' | 'notices'

function mostConnections(use: Use, connections: number): number {
  if (use === 'notices') return 1
  if (use === 'pipelines') return Math.ceil(connections / 2)
  // a job that copies holds one as long as it takes: as many as there are slots for jobs, and no one waits for another's
  return use === 'copies' ? mostCopies : connections
}

const mostCopies = 100

function openPool(options: DatabaseOptions, use: Use): pg.Pool {
  const { connections = 4, statementSeconds = 30 } = options
  const isPipelined = use === 'pipelines'
  const pool = new pg.Pool({
    ...(options.url ? { connectionString: options.url } : { host: options.host, port: options.port }),
    ...(options.user && { user: options.user }),
    ...(options.database && { database: options.database }),
    max: mostConnections(use, connections),
    connectionTimeoutMillis: 10_000,
    statement_timeout: use === 'copies' ? 0 : statementSeconds * 1000,
    application_name: use === 'copies' ? 'charthouse export' : 'charthouse',
    ...(isPipelined && { pipeline: true, stream: () => new JoinedWrites() }),
    ...(use === 'copies' && { stream: () => CopySocket.make() }),
  })
  pool.on('error', () => {}) // an idle connection that the server ended: the next use opens another
  pool.on('connect', (client) => client.on('error', () => {})) // one in use, between two statements: the next one fails
  return pool
}

export function openDatabase(options: DatabaseOptions): Database {
  const { onStatement = () => {} } = options
  const pool = openPool(options, 'statements')
  const pipelines = openPool(options, 'pipelines')
  const copies = openPool(options, 'copies')
  const hearing = openPool(options, 'notices')
  const steady = openSteady(pool, onStatement)
  const close = async () => {
    await steady.close()
    await Promise.all([pool.end(), pipelines.end(), copies.end(), hearing.end()])
  }
  return {
    ...runnerOn(pool, onStatement),
    steady,
    transaction: (work) =>
      connected(pool, async (client) => {
        await client.query('begin')
        const result = await work({ ...runnerOn(inTurn(client), onStatement), client, onStatement })
        await client.query('commit')
        return result
      }),
    pipeline: (work) => connected(pipelines, (client) => pipelined(client, onStatement, work)),
    copyOut: openCopyOut(copies, pool, onStatement),
    hear: (channel) => hearNotices(hearing, channel),
    async script(text) {
      await pool.query(text).catch((error: unknown) => {
        throw translate(error)
      })
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
