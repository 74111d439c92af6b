import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { program } from '../../src/cli/main.ts'
import { charthouse, folder, freePort, start } from './command.ts'

const fast = { SANDBOX_PATIENTS: '2', LOG: 'off', PROCESSES: '1' }

test('serve makes the sandbox, answers, stops all it started, and finds its data again', async () => {
  await using data = await folder()
  const port = await freePort()
  const environment = { ...fast, DATA_DIR: data.path, PORT: String(port) }
  const first = start(['serve'], environment)
  await first.says('charthouse is ready')
  const base = `http://127.0.0.1:${port}/sandbox/fhir/r4`
  assert.equal((await fetch(`${base}/metadata`)).status, 200)
  const token = await charthouse(['token', '--practice', 'sandbox', '--scope', 'system/*.rs'], environment)
  assert.match(token.out, /^[\w-]{43}\n$/, token.err)
  const headers = { authorization: `Bearer ${token.out.trim()}` }
  const count = async () =>
    ((await (await fetch(`${base}/Patient?_summary=count`, { headers })).json()) as { total: number }).total
  const patients = await count()
  assert.ok(patients >= 2)
  first.process.kill('SIGINT')
  assert.equal((await first.finished).status, 0)
  assert.equal(existsSync(join(data.path, 'pg', 'postmaster.pid')), false, 'PostgreSQL has stopped')
  const second = start(['serve'], environment)
  await second.says('charthouse is ready')
  assert.equal(await count(), patients)
  second.process.kill('SIGTERM')
  await second.finished
})

test('a server that was killed leaves a database that the next start takes over', async () => {
  await using data = await folder()
  const environment = { ...fast, DATA_DIR: data.path, PORT: String(await freePort()) }
  const first = start(['serve'], environment)
  await first.says('charthouse is ready')
  first.process.kill('SIGKILL')
  await first.finished
  assert.ok(existsSync(join(data.path, 'pg', 'postmaster.pid')), 'PostgreSQL runs on')
  const listed = await charthouse(['practice', 'list'], environment)
  assert.match(listed.out, /^sandbox {2}http/, listed.err)
  assert.equal(existsSync(join(data.path, 'pg', 'postmaster.pid')), false, 'the last one out stopped it')
})

test('a process that stops while its data folder cannot be used ends, and says why', { timeout: 300_000 }, async () => {
  await using data = await folder()
  const environment = { DATA_DIR: join(data.path, 'data'), LOG: 'off' }
  const worker = start(['work'], environment)
  await worker.says('charthouse works')
  renameSync(environment.DATA_DIR, join(data.path, 'away'))
  worker.process.kill('SIGTERM')
  const { status, err } = await worker.finished
  renameSync(join(data.path, 'away'), environment.DATA_DIR)
  assert.equal(status, 1)
  assert.match(err, /^The data folder .* cannot be used \(ENOENT.*choose another by DATA_DIR/m)
  assert.equal((await charthouse(['practice', 'list'], environment)).status, 0, 'the last one out stopped PostgreSQL')
})

test('with PROCESSES=2 one that ends is started again, and all end with the first', { timeout: 300_000 }, async () => {
  await using data = await folder()
  const [port, metrics] = [await freePort(), await freePort()]
  const own = { PORT: String(port), METRICS_PORT: String(metrics), PROCESSES: '2', SANDBOX_PATIENTS: '1' }
  const server = start(['serve'], { ...fast, ...own, DATA_DIR: data.path })
  await server.says('charthouse is ready')
  const healthy = async () => (await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } })).ok
  for (let i = 0; i < 10; i++) assert.ok(await healthy())
  const told = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text()
  assert.match(told, /^charthouse_request_seconds_count\{[^}]*status="200"[^}]*\} 10$/m)
  const [answering = 0] = children(server.process.pid)
  process.kill(answering, 'SIGKILL')
  await server.says('is started again')
  assert.ok(await healthy())
  while (children(server.process.pid).length < 2) await sleep(50)
  const all = children(server.process.pid)
  server.process.kill('SIGKILL')
  await server.finished
  while (all.some(isAlive)) await sleep(50)
  const last = await charthouse(['practice', 'list'], { ...fast, DATA_DIR: data.path })
  assert.equal(last.status, 0, last.err)
})

test('with PROCESSES=2 a termination ends all, the database too', { timeout: 300_000 }, async () => {
  await using data = await folder()
  const own = { PORT: String(await freePort()), PROCESSES: '2', SANDBOX_PATIENTS: '1', DATA_DIR: data.path }
  const server = start(['serve'], { ...fast, ...own })
  await server.says('charthouse is ready')
  const all = children(server.process.pid)
  assert.equal(all.length, 2)
  server.process.kill('SIGTERM')
  assert.equal((await server.finished).status, 0)
  assert.deepEqual(all.filter(isAlive), [])
  assert.equal(existsSync(join(data.path, 'pg', 'postmaster.pid')), false)
})

/** Of Linux only; the other systems' tests of it are by hand. */
function children(pid = 0): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('what keeps it from starting is one sentence that says what to do', async () => {
  await using data = await folder()
  const busy = createServer()
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  const { port } = busy.address() as { port: number }
  const file = join(data.path, 'a-file')
  writeFileSync(file, '')
  const free = String(await freePort())
  for (const [environment, sentence] of [
    [
      { PORT: String(port), DATA_DIR: data.path },
      new RegExp(`^Port ${port} is in use: choose another, such as PORT=${port + 1} npm start`),
    ],
    [{ PORT: free, DATA_DIR: join(file, 'below') }, /^The data folder .* cannot be used .*choose another by DATA_DIR/],
    [
      { PORT: free, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' },
      /^The database none at 127.0.0.1:1 cannot be reached: start it, or mend DATABASE_URL/,
    ],
    [{ PORT: 'many' }, /^The settings cannot be used\. PORT: a whole number from 0 to 65535 is wanted, not "many"/],
  ] as const) {
    const { status, err } = await charthouse(['serve'], { ...fast, ...environment })
    assert.notEqual(status, 0)
    assert.match(err, sentence)
    assert.equal(err.trim().split('\n').length, 1, err)
  }
  busy.close()
})

test('data of another major version of PostgreSQL are refused with the way on', async () => {
  await using data = await folder()
  const environment = { DATA_DIR: data.path }
  mkdirSync(join(data.path, 'pg'))
  writeFileSync(join(data.path, 'pg', 'PG_VERSION'), '15\n')
  const { status, err } = await charthouse(['practice', 'list'], environment)
  assert.equal(status, 1)
  assert.match(err, /holds data of PostgreSQL 15, this charthouse brings 18: run pg_upgrade, or set DATABASE_URL/)
})

test('every command has help', async () => {
  const { status, out } = await charthouse(['serve', '--help'], {})
  assert.equal(status, 0)
  assert.match(out, /^Usage: charthouse serve/)
  const all = program()
  for (const command of all.commands) {
    let told = ''
    const writeOut = (text: string) => {
      told += text
    }
    command.exitOverride().configureOutput({ writeOut })
    const asked = all.parseAsync([command.name(), '--help'], { from: 'user' })
    await assert.rejects(asked, { code: 'commander.helpDisplayed', exitCode: 0 })
    assert.match(told, new RegExp(`^Usage: charthouse ${command.name()}`))
  }
})

test('check-settings prints every setting and masks secrets', async () => {
  const { status, out } = await charthouse(['check-settings'], { DATABASE_URL: 'postgres://u:hush@h/d' })
  assert.equal(status, 0)
  assert.match(out, /^DATABASE_URL=\(secret\)$/m)
  assert.doesNotMatch(out, /hush/)
})
