/** Makes a data set's file and database where they are not there from an earlier run. */
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { readSettings } from '#config'
import { migrations } from '#db'
import { addPractice } from '#platform'
import { type Installation, openInstallation } from '../../src/app.ts'
import type { Heard, Statement } from '../capture.ts'
import { baseUrl } from '../servers/start.ts'
import type { Cluster } from './cluster.ts'
import type { DataSet } from './data-sets.ts'
import { filesOf } from './files-of.ts'
import { type Imported, runImport } from './run-import.ts'

export const practice = 'bench'

/** Below an origin. */
export const fhirPath = `/${practice}/fhir/r4`

export interface Kept {
  readonly cluster: Cluster
  readonly dataDir: string
}

/** The data set as NDJSON. */
export async function ndjsonOf({ dataDir }: Kept, { name, lines }: DataSet): Promise<string> {
  const file = join(dataDir, `${name}.ndjson`)
  if (existsSync(file)) return file
  mkdirSync(dataDir, { recursive: true })
  await pipeline(Readable.from(chunks(lines())), createWriteStream(`${file}.part`))
  renameSync(`${file}.part`, file)
  return file
}

async function* chunks(lines: Iterable<string> | AsyncIterable<string>) {
  let chunk = ''
  for await (const line of lines) {
    chunk += `${line}\n`
    if (chunk.length < 1 << 16) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}

/** Bytes of the JSON, without line breaks' worth mentioning. */
export async function jsonBytes(kept: Kept, dataSet: DataSet): Promise<number> {
  return statSync(await ndjsonOf(kept, dataSet)).size
}

/** A database with the data set in the practice "bench", vacuumed; its name. */
export async function databaseOf(kept: Kept, dataSet: DataSet): Promise<string> {
  const { cluster } = kept
  // Another schema asks for another database; an earlier one may be removed with the folder.
  const database = `${dataSet.name}_v${migrations().at(-1)?.number}`
  if (await cluster.has(database)) return database
  const making = `${database}_making`
  await importInto(kept, making, [await ndjsonOf(kept, dataSet)])
  const client = await cluster.connect(making)
  await client.query('vacuum analyze')
  await client.end()
  await cluster.rename(making, database)
  return database
}

/** Imports into a new database, by the command itself. */
export async function importInto(
  { cluster, dataDir }: Kept,
  database: string,
  sources: readonly string[],
  how: { readonly isProfiled?: boolean; readonly mayRefuse?: boolean } = {},
): Promise<Imported> {
  await cluster.create(database)
  rmSync(filesOf(dataDir, database), { recursive: true, force: true })
  {
    await using installation = await open(cluster, database)
    await addPractice(installation.db, practice, {})
  }
  const client = await cluster.connect(database)
  await client.query('checkpoint')
  await client.end()
  return runImport({ sources, practice, databaseUrl: cluster.urlOf(database), folder: dataDir, ...how })
}

export function open(cluster: Cluster, database: string, heard?: Statement[]): Promise<Installation> {
  const settings = readSettings({ DATABASE_URL: cluster.urlOf(database), BASE_URL: baseUrl })
  const hear =
    heard &&
    ((text: string, values: readonly unknown[], isPrepared: boolean) => {
      heard.push({ text, values, isPrepared })
    })
  return openInstallation(settings, hear)
}

export async function openHeard(cluster: Cluster, database: string): Promise<Heard> {
  const heard: Statement[] = []
  return { heard, installation: await open(cluster, database, heard) }
}
