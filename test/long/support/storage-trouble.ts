/** What exports do while files cannot be written: for a minute, and for longer than they are tried again. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { openInstallation } from '../../../src/app.ts'
import { readSettings } from '../../../src/config/index.ts'
import { charthouse } from '../../cli/command.ts'
import { ask, type Ended, exportOnce, instantOf, kickOff, poll, readFiles } from './export-client.ts'
import { end, type OwnInstallation } from './own-installation.ts'
import { load, recordsOf } from './records.ts'
import { levels, stateAt } from './state-at.ts'

export interface Trouble {
  begin(): Promise<unknown>
  end(): Promise<unknown>
  /** What is told of it. */
  readonly says: RegExp
  /** Names of the files that lie in the store. */
  stored(): Promise<readonly string[]>
}

const [observationBytes, filesBefore] = [400, 5]
/** Eight attempts, the pauses between them doubled from 2 s on, take 254 s. */
const [shortSeconds, longestSeconds] = [60, 480]
/** A removal that found the store away is tried again after 300 s. */
const removedAfterSeconds = 420

export async function showTrouble(installation: OwnInstallation, trouble: Trouble): Promise<void> {
  const resources = Number(process.env.RESOURCES ?? 100_000)
  await load(installation, recordsOf(resources), observationBytes)
  const processes = [await installation.run('serve'), await installation.run('work')]
  const exports: Ended[] = []
  try {
    exports.push(await passing(installation, trouble), await lasting(installation, trouble))
  } finally {
    for (const each of processes) await end(each, 'SIGTERM')
  }
  await using opened = await openInstallation({ ...readSettings(installation.environment), statementSeconds: 0 })
  for (const { t, twice, lines } of exports) {
    assert.ok(t !== undefined && twice.length === 0)
    const state = await stateAt(opened.db, t, levels.system())
    assert.equal(lines.differenceFrom(state), undefined)
    console.log(`the ${lines.size} lines of the export at ${instantOf(t)} are the state at T`)
  }
}

/** It goes on when the trouble is over, and holds everything. */
async function passing(installation: OwnInstallation, trouble: Trouble): Promise<Ended> {
  const place = await begunInto(installation, trouble)
  const began = performance.now()
  const isTold = { toClient: false, toAdministrator: false }
  while (performance.now() - began < shortSeconds * 1000) {
    const { status, progress } = await poll(installation, place)
    assert.equal(status, 202, 'the trouble passes while the export waits')
    const listed = await charthouse(['jobs', 'list', '--practice', 'north'], installation.environment)
    const [job] = `${listed.out}${listed.err}`.match(trouble.says) ?? []
    isTold.toClient ||= progress?.includes('waits to try again') === true
    isTold.toAdministrator ||= job !== undefined
    console.log(`${secondsSince(began)} s: ${status}, ${progress}; jobs list: ${job ?? '-'}`)
    await sleep(8000)
  }
  assert.deepEqual(isTold, { toClient: true, toAdministrator: true })
  await trouble.end()
  const { status, text } = await endOf(installation, place)
  assert.equal(status, 200, text)
  const ended = await readFiles(installation, '$export', text)
  console.log(`done ${secondsSince(began)} s after it began to be tried again, ${ended.files} files`)
  await ask(installation, place, { method: 'DELETE' })
  await gone(trouble)
  return ended
}

/** It fails and says why, nothing is listed or left of it, and the next one holds everything. */
async function lasting(installation: OwnInstallation, trouble: Trouble): Promise<Ended> {
  const place = await begunInto(installation, trouble)
  const began = performance.now()
  const { status, text } = await endOf(installation, place)
  console.log(`ended after ${secondsSince(began)} s: ${status}, ${text.slice(0, 400)}`)
  assert.equal(status, 500)
  assert.match(JSON.parse(text).issue[0].details.text, trouble.says)
  await trouble.end()
  await gone(trouble)
  console.log(`nothing of it is left ${secondsSince(began)} s after`)
  return exportOnce(installation, '$export')
}

/** An export in the middle of which the trouble begins. */
async function begunInto(installation: OwnInstallation, trouble: Trouble): Promise<string> {
  const place = await kickOff(installation, '$export')
  while ((await trouble.stored()).length < filesBefore) {
    const { status, text } = await poll(installation, place)
    assert.equal(status, 202, `it ended before the trouble began: ${text.slice(0, 300)}`)
    await sleep(10)
  }
  await trouble.begin()
  return place
}

async function endOf(installation: OwnInstallation, place: string) {
  const began = performance.now()
  for (;;) {
    const polled = await poll(installation, place)
    if (polled.status !== 202) return polled
    assert.ok(performance.now() - began < longestSeconds * 1000, `it does not end: ${polled.progress}`)
    await sleep(polled.waitSeconds * 1000)
  }
}

async function gone({ stored }: Trouble) {
  const began = performance.now()
  for (let left = await stored(); left.length > 0; left = await stored()) {
    assert.ok(performance.now() - began < removedAfterSeconds * 1000, `${left.length} files are left, as ${left[0]}`)
    await sleep(1000)
  }
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 1000)
}
