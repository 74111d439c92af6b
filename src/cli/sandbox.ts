import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { seeAll } from '#access'
import { parseSearch } from '#fhir'
import { Problem } from '#lib'
import {
  addPractice,
  findPractice,
  installationNote,
  type PracticeRecord,
  practiceNamed,
  setInstallationNote,
} from '#platform'
import { ensureSampleApp } from '#sample-app'
import { coverTag, generate, timeZone, usCoreVersions } from '#sandbox'
import { type Store, settle, type WriteOperation } from '#store'
import type { Installation } from '../app.ts'
import { action, type CliCommand, withInstallation } from './command.ts'
import { importProgress } from './import-progress.ts'
import { ensurePersonas } from './sandbox-personas.ts'

interface Options {
  readonly patients: string
  readonly seed: string
  readonly usCore: string
  readonly out?: string
  readonly practice?: string
  readonly cover?: boolean
}

type Generated = Parameters<typeof generate>[0]

export const sandbox: CliCommand = (program) =>
  void program
    .command('sandbox')
    .description('generate synthetic patients: as NDJSON on standard output, into a file, or into a practice')
    .option('--patients <n>', 'how many', '120')
    .option('--seed <n>', 'the same seed gives the same patients', '1')
    .option('--us-core <version>', `which version decides where they differ: ${usCoreVersions.join(', ')}`, '6.1.0')
    .option('--out <file>', 'write NDJSON there')
    .option('--practice <id>', 'store them in this practice')
    .option('--cover', 'with --practice: print ids of stored patients that together hold every must-support element')
    .action(action(run))

async function run(options: Options) {
  const generated = readOptions(options)
  if (options.cover) return withInstallation((installation) => printCover(installation, options.practice))
  const { practice, out } = options
  if (practice !== undefined) {
    return withInstallation(async (installation) => {
      const record = await practiceNamed(installation.db, practice)
      await loadGenerated(installation.storeOf(record), generated, new AbortController().signal)
    })
  }
  return writeLines(out === undefined ? process.stdout : createWriteStream(out), generated, out !== undefined)
}

function readOptions({ patients, seed, usCore }: Options): Generated {
  const count = Number(patients)
  if (!Number.isInteger(count) || count < 1)
    throw new Problem('incorrect', `--patients takes a whole number, not "${patients}"`)
  if (!Number.isInteger(Number(seed))) throw new Problem('incorrect', `--seed takes a whole number, not "${seed}"`)
  const version = usCoreVersions.find((known) => known === usCore)
  if (!version)
    throw new Problem('incorrect', `There is no US Core "${usCore}"; there are ${usCoreVersions.join(', ')}`)
  return { patients: count, seed: Number(seed), usCore: version }
}

async function writeLines(to: Writable, generated: Generated, ends: boolean) {
  try {
    await pipeline(Readable.from(chunks(generated)), to, { end: ends })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') return // `head` has seen enough
    throw new Problem('unavailable', `Cannot write the patients: ${message}`, { cause: error })
  }
}

const chunkLength = 1 << 16

function* chunks(generated: Generated): Generator<string> {
  let chunk = ''
  for (const line of generate(generated)) {
    chunk += `${line}\n`
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

async function printCover(installation: Installation, practice: string | undefined) {
  if (practice === undefined) throw new Problem('incorrect', '--cover needs --practice ID')
  const record = await practiceNamed(installation.db, practice)
  const query = parseSearch({
    types: ['Patient'],
    parameters: [['_tag', `${coverTag.system}|${coverTag.code}`]],
    handling: 'strict',
    zone: 'UTC',
    bases: [],
    defaultCount: 6,
    maximumCount: 6,
  })
  const { matches } = await installation.storeOf(record).search(seeAll, query)
  if (matches.length === 0) throw new Problem('not-found', `Practice ${practice} has no patients of the sandbox`)
  process.stdout.write(
    `${matches
      .map(({ id }) => id)
      .sort()
      .join(',')}\n`,
  )
}

const note = 'sandbox'

/** Makes the practice "sandbox" at the first start; false when it was stopped meanwhile (the next start goes on). */
export async function ensureSandbox(installation: Installation, signal: AbortSignal): Promise<boolean> {
  const { settings, db } = installation
  const isWanted = settings.sandbox === 'on' || (settings.sandbox === undefined && settings.databaseUrl === undefined)
  if (!isWanted) return true
  const known = await findPractice(db, 'sandbox')
  if ((await installationNote(db, note)) === 'complete') {
    if (known) await ensureWhoUsesIt(installation, known)
    return true
  }
  const record: PracticeRecord =
    known ?? (await addPractice(db, 'sandbox', { name: 'Sandbox Family Practice', writes: 'on', timeZone }))
  process.stderr.write(
    `First start: making the practice "sandbox" with ${settings.sandboxPatients} synthetic patients\n`,
  )
  await loadGenerated(
    installation.storeOf(record),
    { patients: settings.sandboxPatients, seed: 1, usCore: '6.1.0' },
    signal,
  )
  if (signal.aborted) return false
  await settle(db)
  await ensureWhoUsesIt(installation, record)
  await setInstallationNote(db, note, 'complete')
  return true
}

async function ensureWhoUsesIt(installation: Installation, record: PracticeRecord) {
  await ensurePersonas(installation, record)
  await ensureSampleApp(installation.db, installation.directory.practiceOf(record))
}

const batchSize = 1000

async function loadGenerated(store: Store, generated: Generated, signal: AbortSignal) {
  const progress = importProgress(process.stderr)
  let batch: WriteOperation[] = []
  let under: Promise<unknown> = Promise.resolve()
  let created = 0
  const send = () => {
    const sent = batch
    batch = []
    const before = under
    under = Promise.all([before, store.write(sent)]).then(() => {
      created += sent.length
      progress.update({
        counts: { created, updated: 0, unchanged: 0, deleted: 0, failed: 0 },
        bytesRead: 0,
        bytesInAll: undefined,
      })
    })
    return before
  }
  for (const text of generate(generated)) {
    const resource = JSON.parse(text) as { resourceType: string; id: string }
    batch.push({ kind: 'put', type: resource.resourceType, id: resource.id, text, resource })
    if (batch.length === batchSize) await send()
    if (signal.aborted) break
  }
  if (batch.length > 0) await send()
  await under
  progress.clear()
}
