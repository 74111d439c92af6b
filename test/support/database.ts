/** A database of its own for each test file: a copy of a migrated template on one shared PostgreSQL. */
import { createHash, randomUUID } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { type Database, type DatabaseOptions, migrate, migrations, openDatabase, startEmbedded } from '#db'

/** Named after what it was made from, so that a changed migration makes another. */
const migrationTexts = migrations().map(({ text }) => text)
const template = `template_${createHash('sha256').update(migrationTexts.join('')).digest('hex').slice(0, 16)}`
/** What runs of tests leave for later ones, of each user of the machine. */
export const dataDir = process.env.TEST_DATA_DIR ?? join(tmpdir(), `charthouse-test-${userInfo().uid}`)

/** The server that test files share; it stops when the last one that uses it leaves. */
export const testServer = () => startEmbedded(dataDir)

export interface TestDatabase {
  readonly db: Database
  /** For a process of its own, as DATABASE_URL. */
  readonly url: string
  open(options?: Pick<DatabaseOptions, 'connections' | 'onStatement' | 'statementSeconds'>): Database
  [Symbol.asyncDispose](): Promise<void>
}

interface TestOptions extends Pick<DatabaseOptions, 'connections' | 'onStatement' | 'statementSeconds'> {
  /** Without the schema, for tests of migrations. */
  readonly isEmpty?: boolean
}

/** `await using test = await testDatabase()` */
export async function testDatabase({ isEmpty = false, ...options }: TestOptions = {}): Promise<TestDatabase> {
  const server = await testServer()
  const admin = openDatabase({ host: server.host, user: server.user, database: 'postgres', connections: 1 })
  const database = `t_${randomUUID().replaceAll('-', '')}`
  await ensureTemplate(admin, server)
  // files are copied in a third of the time that the log of their pages takes
  await admin.script(`create database ${database} template ${isEmpty ? 'template0' : template} strategy file_copy`)
  const opened: Database[] = []
  const open = (more: typeof options = options) => {
    const db = openDatabase({ host: server.host, user: server.user, database, ...more })
    opened.push(db)
    return db
  }
  return {
    db: open(),
    url: `postgres://${server.user}@/${database}?host=${encodeURIComponent(server.host)}`,
    open,
    async [Symbol.asyncDispose]() {
      for (const db of opened) await db.close()
      await admin.script(`drop database ${database} with (force)`)
      await admin.close()
      await server.leave()
    },
  }
}

async function ensureTemplate(admin: Database, server: { host: string; user: string }) {
  // one file at a time makes it, the others wait; the transaction's lock goes with it
  await admin.transaction(async (transaction) => {
    await transaction.client.query('select pg_advisory_xact_lock(8153)')
    const { rowCount } = await transaction.client.query('select 1 from pg_database where datname = $1', [template])
    if (rowCount) return
    const other = openDatabase({ host: server.host, user: server.user, database: 'postgres', connections: 1 })
    // what tests write need not outlive the machine
    for (const setting of ['fsync', 'full_page_writes']) await other.script(`alter system set ${setting} = off`)
    await other.script('select pg_reload_conf()')
    await other.script(`drop database if exists ${template}_making`) // of a run that was killed
    await other.script(`create database ${template}_making`)
    const making = openDatabase({
      host: server.host,
      user: server.user,
      database: `${template}_making`,
      connections: 1,
    })
    await migrate(making)
    await making.close()
    await other.script(`alter database ${template}_making rename to ${template}`)
    await other.close()
  })
}
