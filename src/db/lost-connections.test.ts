/** Connections that are lost while they are used: what used them is told, and the process goes on. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { TLSSocket } from 'node:tls'
import pg from 'pg'
import { testCertificate } from '../../test/support/certificate.ts'
import { testDatabase } from '../../test/support/database.ts'
import { openCopyOut } from './copy-out.ts'
import { type Database, openDatabase } from './database.ts'
import { sql } from './sql.ts'

const lost = { kind: 'unavailable' }

/** Ends what the server does for connections of this name, but for the one that asks. */
function endAll(db: Database, name: string) {
  return db.many(sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = ${name} and pid <> pg_backend_pid()`)
}

const sleeping = (db: Database) =>
  db.many(sql`select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`)

test('a transaction whose connection is lost between two statements is told by the next', async () => {
  await using database = await testDatabase()
  const { db } = database
  const work = db.transaction(async (transaction) => {
    await transaction.run(sql`select 1`)
    await endAll(db, 'charthouse')
    await sleep(100)
    await transaction.run(sql`select 1`)
  })
  await assert.rejects(work, lost)
  assert.deepEqual(await db.many(sql`select 1 as n`), [{ n: 1 }])
})

for (const way of ['transaction', 'pipeline'] as const) {
  test(`a ${way} whose connection is lost under a statement is told`, async () => {
    await using database = await testDatabase()
    const { db } = database
    const work = db[way](({ run }) => run(sql`select pg_sleep(60)`))
    const ended = assert.rejects(work, lost)
    while ((await sleeping(db)).length === 0) await sleep(10)
    await endAll(db, 'charthouse')
    await ended
    assert.deepEqual(await db.many(sql`select 1 as n`), [{ n: 1 }])
  })
}

test('copyOut() whose connection is given up tells it when its listener is done, and no row afterwards', async () => {
  await using database = await testDatabase()
  const copies = new pg.Pool({ connectionString: database.url })
  const cancels = new pg.Pool()
  await cancels.end() // nothing can be cancelled, so the connection is closed
  const copyOut = openCopyOut(copies, cancels, () => {})
  const [busy, stopping] = [Promise.withResolvers<void>(), new AbortController()]
  const seen: string[] = []
  let rows = 0
  const onRow = () => {
    rows++
    return rows === 10 ? busy.promise : undefined
  }
  const copying = copyOut(sql`select repeat('x', 1000) from generate_series(1, 100000)`, onRow, stopping.signal)
  const ended = assert.rejects(copying, /enough/).then(() => seen.push('told'))
  while (rows < 10) await sleep(5)
  stopping.abort(new Error('enough'))
  await sleep(100)
  seen.push('listener is done')
  busy.resolve()
  await ended
  assert.deepEqual([rows, seen], [10, ['listener is done', 'told']])
  await sleep(50)
  assert.equal(rows, 10)
  await copies.end()
})

test('copyOut() over TLS tells every row, also to a listener that holds it back', async () => {
  await using server = await tlsServer()
  await using db = openDatabase({ url: server.url, connections: 2 })
  const numbers: number[] = []
  const statement = sql`select n::text || repeat(' ', n % 3000) from generate_series(1, 20000) n`
  await db.copyOut(statement, async (bytes, fields) => {
    const text = () => Number(bytes.toString('latin1', fields[0], fields[1]))
    const first = text()
    if (first % 50 === 0) await new Promise(setImmediate)
    numbers.push(text() === first ? first : Number.NaN)
  })
  assert.deepEqual(
    numbers,
    Array.from({ length: 20_000 }, (_, i) => i + 1),
  )
  assert.deepEqual(await db.many(sql`select 1 as n`), [{ n: 1 }])
})

/** A database behind a proxy that speaks TLS, as hosted ones do. */
async function tlsServer() {
  const stack = new AsyncDisposableStack()
  const database = stack.use(await testDatabase())
  const [, user, name, folder = ''] = /^postgres:\/\/(.*)@\/(.*)\?host=(.*)$/.exec(database.url) ?? []
  const path = `${decodeURIComponent(folder)}/.s.PGSQL.5432`
  const sockets = new Set<Socket>()
  const server = createServer(async (raw) => {
    sockets.add(raw.on('error', () => {}))
    await once(raw, 'readable')
    raw.read(8) // SSLRequest
    raw.write('S')
    const secure = new TLSSocket(raw, { isServer: true, ...certificate })
    const behind = connect(path)
    for (const [from, to] of [
      [secure, behind],
      [behind, secure],
    ] as const) {
      from.on('error', () => {}).on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const url = `postgres://${user}@127.0.0.1:${port}/${name}?sslmode=no-verify`
  return { database, url, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const certificate = testCertificate()
