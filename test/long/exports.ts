/**
 * `npm run test:long exports`: clients export over HTTP, others create, update and delete, while workers, the server and
 * PostgreSQL are killed with -9 in turn at random moments: KILLS=n times (30), up to SECONDS=n apart (10), with RESOURCES=n
 * (20,000; from 300,000 on types are cut into parts) and WORKERS=n processes besides the server (2). Every export must end,
 * done or failed with its reason; the lines of those that are done must be the state at their T as history tells it
 * afterwards, none twice; and a client that goes on from T to T must hold that state.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { openInstallation } from '../../src/app.ts'
import { readSettings } from '../../src/config/index.ts'
import { type Ended, exportOnce, instantOf } from './support/export-client.ts'
import { Lines } from './support/lines.ts'
import { end, ownInstallation } from './support/own-installation.ts'
import { change, group, load, recordsOf } from './support/records.ts'
import { type Belongs, levels, stateAt } from './support/state-at.ts'

const { KILLS = 30, RESOURCES = 20_000, SECONDS = 10, WORKERS = 2 } = process.env
const [kills, resources, mostSecondsBetweenKills] = [Number(KILLS), Number(RESOURCES), Number(SECONDS)]
const writers = 4
/** When nothing is killed any more; a lease takes half a minute to run out. */
const longestEndSeconds = 180 + resources / 1000

interface Exporting {
  /** What is asked for, by the T of the one before that was done. */
  readonly path: (last: number | undefined) => string
  readonly belongs: () => Belongs
  /** Each brings what has changed since the one before. */
  readonly isChain?: true
}

const exportings: readonly Exporting[] = [
  { path: () => '$export', belongs: levels.system },
  {
    path: (last) => `$export?_since=${encodeURIComponent(last ? instantOf(last) : '2000-01-01T00:00:00Z')}`,
    belongs: levels.system,
    isChain: true,
  },
  { path: () => '$export?organizeOutputBy=Patient', belongs: levels.organized },
  { path: () => 'Patient/$export', belongs: levels.patient },
  { path: () => `Group/${group}/$export`, belongs: levels.group },
]

await using installation = await ownInstallation(['exportsRunning=4', `exportLines=${Math.ceil(resources / 50)}`])
const records = recordsOf(resources)
await load(installation, records)

let isOver = false
let lastEnd = Number.POSITIVE_INFINITY
let writes = 0
const ended: (Ended & { readonly of: Exporting })[] = []

/** Exports one after the other. */
async function client(of: Exporting): Promise<void> {
  for (let last: number | undefined; !isOver; ) {
    const one = await exportOnce(installation, of.path(last), (told) => assert.ok(performance.now() < lastEnd, told))
    ended.push({ ...one, of })
    last = one.t ?? last
  }
}

const countDone = () => ended.filter(({ t }) => t !== undefined).length

let server = await installation.run('serve')
const work = () => Promise.all(Array.from({ length: Number(WORKERS) }, () => installation.run('work')))
let workers = await work()

async function kill(what: 'worker' | 'server' | 'PostgreSQL') {
  const any = Math.floor(Math.random() * workers.length)
  if (what === 'worker') {
    await end(workers[any] ?? server, 'SIGKILL')
    workers[any] = await installation.run('work')
    return
  }
  if (what === 'server') await end(server, 'SIGKILL')
  else {
    installation.killPostgres()
    await sleep(300)
    await Promise.all([server, ...workers].map((each) => end(each, 'SIGKILL'))) // whoever runs them starts them again
  }
  server = await installation.run('serve')
  if (what === 'PostgreSQL') workers = await work()
}

const changes = { isOver: () => isOver, onWrite: () => writes++ }
const running = Promise.all([
  ...Array.from({ length: writers }, () => change(installation, records, changes)),
  ...exportings.map(client),
])
running.catch(() => {}) // told when all is awaited
for (let killed = 1; killed <= kills; killed++) {
  await sleep(Math.random() * mostSecondsBetweenKills * 1000)
  const what = (['worker', 'server', 'PostgreSQL'] as const)[killed % 3] ?? 'worker'
  await kill(what)
  if (killed === Math.ceil(kills / 2)) await installation.done('practice', 'settings', 'north', 'exportGzip=on')
  const done = countDone()
  console.log(`${killed} of ${kills}: ${what}; ${writes} writes, ${done} exports done, ${ended.length - done} failed`)
}
isOver = true
lastEnd = performance.now() + longestEndSeconds * 1000
try {
  await running
  for (const { process } of [server, ...workers]) assert.equal(process.exitCode, null, 'a process ended by itself')
} finally {
  for (const each of [server, ...workers]) await end(each, 'SIGTERM')
}

await using opened = await openInstallation({ ...readSettings(installation.environment), statementSeconds: 0 })
const faults: string[] = []
const held = new Lines()
let lines = 0
for (const { t, path, sentence, of, twice, deleted, ...found } of ended.toSorted((a, b) => (a.t ?? 0) - (b.t ?? 0))) {
  if (t === undefined) {
    console.log(`failed: ${path}: ${sentence}`)
    continue
  }
  lines += found.lines.size
  const what = `${path} at ${instantOf(t)}`
  if (twice.length > 0) faults.push(`${what}: ${twice.length} are there twice, such as ${twice[0]}`)
  if (of.isChain) held.apply(found.lines, deleted)
  const state = await stateAt(opened.db, t, of.belongs())
  const difference = (of.isChain ? held : found.lines).differenceFrom(state)
  if (difference) faults.push(`${what}: ${difference}`)
}

const done = countDone()
const files = ended.reduce((sum, each) => sum + each.files, 0)
const packed = ended.reduce((sum, each) => sum + each.packed, 0)
console.log(`${kills} kills, ${writes} writes; ${faults.length} faults in ${done} exports with ${lines} lines`)
console.log(`${files} files, ${packed} of them packed; ${ended.length - done} exports failed`)
assert.ok(done > kills / 3, 'too few exports to tell anything')
assert.deepEqual(faults, [])
