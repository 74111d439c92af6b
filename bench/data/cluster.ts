/** The PostgreSQL of the benchmarks: the embedded one in the data folder, a database for each data set. */
import pg from 'pg'
import { startEmbedded } from '#db'

export interface Cluster extends AsyncDisposable {
  /** For DATABASE_URL. */
  urlOf(database: string): string
  /** A connection without a time limit on its statements. */
  connect(database: string): Promise<pg.Client>
  has(database: string): Promise<boolean>
  /** Makes it anew, empty. */
  create(database: string): Promise<void>
  rename(database: string, to: string): Promise<void>
  drop(database: string): Promise<void>
}

export async function openCluster(dataDir: string): Promise<Cluster> {
  const { host, user, leave } = await startEmbedded(dataDir)
  async function connect(database: string) {
    const client = new pg.Client({ host, user, database })
    await client.connect()
    return client
  }
  const admin = await connect('postgres')
  const drop = async (database: string) => void (await admin.query(`drop database if exists ${database} with (force)`))
  return {
    urlOf: (database) => `postgres://${user}@/${database}?host=${encodeURIComponent(host)}`,
    connect,
    drop,
    async has(database) {
      return (await admin.query('select 1 from pg_database where datname = $1', [database])).rowCount === 1
    },
    async create(database) {
      await drop(database)
      await admin.query(`create database ${database}`)
    },
    async rename(database, to) {
      await admin.query(`alter database ${database} rename to ${to}`)
    },
    async [Symbol.asyncDispose]() {
      await admin.end()
      await leave()
    },
  }
}
