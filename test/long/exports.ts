/**
 * `npm run test:long exports`: clients export over HTTP, others create, update and delete, while a worker, the server and
 * PostgreSQL are killed with -9 in turn at random moments (KILLS=n times, 30; RESOURCES=n, 20,000). Every export must end,
 * done or failed with its reason; the lines of those that are done must be the state at their T as history tells it
 * afterwards, none twice; and a client that goes on from T to T must hold that state.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openInstallation } from '../../src/app.ts'
import { readSettings } from '../../src/config/index.ts'
import { asOf } from '../../src/store/index.ts'
import { charthouse, folder, freePort, type Started, start } from '../cli/command.ts'

const kills = Number(process.env.KILLS ?? 30)
const resources = Number(process.env.RESOURCES ?? 20_000)
const patients = Math.ceil(resources / 20)
const mostSecondsBetweenKills = Number(process.env.SECONDS ?? 10)
/** When nothing is killed any more; a lease takes half a minute to run out. */
const longestEndSeconds = 180

await using data = await folder()
const port = await freePort()
const environment = { DATA_DIR: data.path, PORT: String(port), HOST: '127.0.0.1', SANDBOX: 'off', LOG: 'off' }
const base = `http://127.0.0.1:${port}/north/fhir/r4`

async function done(...args: string[]): Promise<string> {
  const { status, out, err } = await charthouse(args, environment)
  assert.equal(status, 0, err)
  return out.trim()
}

await done('practice', 'add', 'north')
await done('practice', 'settings', 'north', 'writes=on', 'exportLines=400', 'exportsRunning=4')
const source = join(data.path, 'north.ndjson')
await writeFile(source, [...Array(patients).keys()].map((i) => lineOf('Patient', i)).join(''))
await done('import', '--practice', 'north', source)
await writeFile(source, [...Array(resources - patients).keys()].map((i) => lineOf('Observation', i)).join(''))
await done('import', '--practice', 'north', source)
const token = await done('token', '--practice', 'north', '--scope', 'system/*.cruds')

function lineOf(type: 'Patient' | 'Observation', i: number): string {
  return `${JSON.stringify(type === 'Patient' ? { resourceType: type, id: `p${i}` } : observation(i, 'first'))}\n`
}

function observation(i: number, text: string) {
  const subject = { reference: `Patient/p${i % patients}` }
  return { resourceType: 'Observation', id: `o${i}`, status: 'final', code: { text }, subject }
}

function send(path: string, init: RequestInit = {}) {
  return fetch(path.startsWith('http') ? path : `${base}/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', ...init.headers },
    signal: AbortSignal.timeout(20_000),
  })
}

/** After a kill of PostgreSQL its last processes may still be ending: then nothing starts yet. */
async function run(command: 'serve' | 'work', says: string): Promise<Started> {
  for (let tries = 0; ; tries++) {
    const started = start([command], environment)
    try {
      await started.says(says)
      return started
    } catch (error) {
      if (tries === 20) throw error
      await sleep(500)
    }
  }
}

const serve = () => run('serve', 'charthouse is ready')
const work = () => run('work', 'charthouse works')

let isStopped = false
let lastEnd = Number.POSITIVE_INFINITY
let writes = 0

async function write(): Promise<void> {
  while (!isStopped) {
    const i = Math.floor(Math.random() * resources)
    try {
      const isDeleted = Math.random() < 0.3
      const body = isDeleted ? {} : { body: JSON.stringify(observation(i, `write ${writes}`)) }
      const answer = await send(`Observation/o${i}`, { method: isDeleted ? 'DELETE' : 'PUT', ...body })
      await answer.arrayBuffer()
      if (answer.ok) writes++
    } catch {
      await sleep(100) // it was killed
    }
  }
}

interface Ended {
  /** Undefined: it failed, and said so. */
  readonly t: number | undefined
  readonly query: string
  readonly sentence?: string
  /** Hashes of the texts by `Type/id`. */
  readonly lines: Map<string, string>
  readonly deleted: string[]
  readonly twice: string[]
}

const ended: Ended[] = []

const hash = (text: string) => createHash('sha256').update(text).digest('base64')

/** Asks again until there is an answer. */
async function ask(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; text: string }> {
  for (;;) {
    try {
      const answer = await send(path, init)
      const { status, headers } = answer
      const text = await answer.text()
      if (status !== 503 && status !== 500) return { status, headers, text }
    } catch {}
    await sleep(200)
  }
}

async function exportOnce(query: string): Promise<Ended> {
  const once = Math.random().toString(36)
  const headers = {
    prefer: 'respond-async, separate-export-status',
    accept: 'application/fhir+json',
    'idempotency-key': once,
  }
  const begun = await ask(`$export?${query}`, { headers })
  assert.equal(begun.status, 202, begun.text)
  const place = begun.headers.get('content-location') ?? ''
  for (;;) {
    const { status: polled, headers: answered, text } = await ask(place)
    // of the export, which may have failed, and not of the poll, which is asked again
    const status = Number(answered.get('x-export-status')?.slice(0, 3) ?? polled)
    if (status === 200) return read(query, JSON.parse(text))
    if (status !== 202 && status !== 429) return { ...nothing(), t: undefined, query, sentence: text }
    assert.ok(performance.now() < lastEnd, `${query} does not end: ${answered.get('x-progress')}`)
    await sleep(Number(answered.get('retry-after') ?? 1) * 1000)
  }
}

const nothing = () => ({ lines: new Map<string, string>(), deleted: [], twice: [] })

interface Manifest {
  readonly transactionTime: string
  readonly output: readonly { readonly url: string; readonly count: number }[]
  readonly deleted: readonly { readonly url: string }[]
}

async function read(query: string, { transactionTime, output, deleted }: Manifest): Promise<Ended> {
  const found: Ended = { ...nothing(), t: microseconds(transactionTime), query }
  const linesOf = async (url: string) => (await ask(url)).text.split('\n').filter((line) => line !== '')
  for (const { url, count } of output) {
    const lines = await linesOf(url)
    assert.equal(lines.length, count, url)
    for (const line of lines) {
      const { resourceType, id } = JSON.parse(line) as { resourceType: string; id?: string }
      if (resourceType === 'Parameters') continue // the header of a block
      const key = `${resourceType}/${id}`
      if (found.lines.has(key)) found.twice.push(key)
      found.lines.set(key, hash(line))
    }
  }
  for (const { url } of deleted) {
    for (const line of await linesOf(url)) {
      const { entry } = JSON.parse(line) as { entry: readonly { readonly request: { readonly url: string } }[] }
      found.deleted.push(...entry.map(({ request }) => request.url))
    }
  }
  return found
}

function microseconds(instant: string): number {
  const [, whole = '', fraction = '', zone = ''] = /^([^.]*)\.(\d{6})(.*)$/.exec(instant) ?? []
  return Date.parse(`${whole}${zone}`) * 1000 + Number(fraction)
}

/** Exports one after the other, each with what `next` makes of the last one that was done. */
async function client(next: (last: string | undefined) => string): Promise<void> {
  let last: string | undefined
  while (!isStopped) {
    const one = await exportOnce(next(last))
    ended.push(one)
    if (one.t !== undefined) last = instantOf(one.t)
  }
}

function instantOf(t: number): string {
  const fraction = String(t % 1_000_000).padStart(6, '0')
  return `${new Date(Math.floor(t / 1e6) * 1000).toISOString().slice(0, 19)}.${fraction}Z`
}

function postmaster(): number {
  return Number(readFileSync(join(data.path, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0])
}

let [server, worker] = [await serve(), await work()]
const running = [
  ...Array.from({ length: 4 }, write),
  client(() => ''),
  client((last = '2000-01-01T00:00:00Z') => `_since=${encodeURIComponent(last)}`),
  client(() => 'organizeOutputBy=Patient'),
]
for (let killed = 1; killed <= kills; killed++) {
  await sleep(Math.random() * mostSecondsBetweenKills * 1000)
  const what = (['worker', 'server', 'PostgreSQL'] as const)[killed % 3]
  if (what === 'worker') worker.process.kill('SIGKILL')
  if (what === 'server') server.process.kill('SIGKILL')
  if (what === 'PostgreSQL') process.kill(postmaster(), 'SIGKILL')
  await sleep(300)
  if (what !== 'server') {
    worker.process.kill('SIGKILL')
    await worker.finished
  }
  if (what !== 'worker') {
    server.process.kill('SIGKILL')
    await server.finished
    server = await serve()
  }
  if (what !== 'server') worker = await work()
  const all = ended.filter(({ t }) => t !== undefined).length
  console.log(`${killed} of ${kills}: ${what}; ${writes} writes, ${all} exports done, ${ended.length - all} failed`)
}
isStopped = true
lastEnd = performance.now() + longestEndSeconds * 1000
try {
  await Promise.all(running)
} finally {
  for (const process of [server, worker]) {
    process.process.kill('SIGTERM')
    await process.finished
  }
}

await using installation = await openInstallation(readSettings(environment))
const faults: string[] = []
const held = new Map<string, string>()
let lines = 0
for (const { t, query, lines: found, deleted, twice, sentence } of ended.toSorted((a, b) => (a.t ?? 0) - (b.t ?? 0))) {
  if (t === undefined) {
    console.log(`failed: ${query}: ${sentence}`)
    continue
  }
  lines += found.size
  if (twice.length > 0) faults.push(`${query} at ${instantOf(t)}: ${twice.length} are there twice, such as ${twice[0]}`)
  const state = new Map<string, string>()
  for await (const rows of asOf(installation.db, 1, t)) {
    for (const { type, id, body } of rows) if (body !== undefined) state.set(`${type}/${id}`, hash(body))
  }
  const isChain = query.startsWith('_since')
  if (isChain) {
    for (const [key, text] of found) held.set(key, text)
    for (const key of deleted) held.delete(key)
  }
  compare(isChain ? held : found, state, `${query} at ${instantOf(t)}`)
}

function compare(found: ReadonlyMap<string, string>, state: ReadonlyMap<string, string>, what: string) {
  const missing = [...state.keys()].filter((key) => !found.has(key))
  const besides = [...found.keys()].filter((key) => !state.has(key))
  const differ = [...state].filter(([key, text]) => found.has(key) && found.get(key) !== text).map(([key]) => key)
  if (missing.length + besides.length + differ.length === 0) return
  faults.push(
    `${what}: ${missing.length} missing (${missing[0]}), ${besides.length} besides (${besides[0]}), ${differ.length} differ`,
  )
}

const exportsDone = ended.filter(({ t }) => t !== undefined).length
console.log(
  `${kills} kills, ${writes} writes; ${exportsDone} exports done with ${lines} lines, ${ended.length - exportsDone} failed; ${faults.length} faults`,
)
assert.ok(exportsDone > kills / 3, 'too few exports to tell anything')
assert.deepEqual(faults, [])
