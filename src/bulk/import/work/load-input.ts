/** One file of an import, from its source into the store: under the rights that its app has while it is loaded. */
import { narrativeFaults, validateStructure } from '#fhir'
import { Problem } from '#lib'
import { importLines, loaded } from '#load'
import type { WriteOperation, WriteResult } from '#store'
import type { ImportOptions, ImportPlace } from '../options.ts'
import { folderOf, type Import, type ImportFile } from '../records/import.ts'
import { checkPlace, rightsTo, seeingAs } from '../rights.ts'
import { errorLines } from './error-lines.ts'
import { inputBytes, type Room } from './input-bytes.ts'

export interface Loading {
  readonly asked: Import
  readonly input: ImportFile
  readonly room: Room
  readonly signal: AbortSignal
  readonly progress: (loaded: number) => void
}

export type Loaded = Pick<ImportFile, 'n' | 'loaded' | 'failed' | 'bytes' | 'errors'>

/** Rejects when the file could not be read to its end; what was stored until then stays. */
export async function loadInput(options: ImportOptions, loading: Loading): Promise<Loaded> {
  const { asked, input, room, signal, progress } = loading
  const { n, url } = input
  const place = await placeNow(options, asked)
  const errors = errorLines(await options.files(), `${folderOf(asked.practice, asked.id)}/errors-${n}.ndjson`)
  const before = room.left
  try {
    const { counts } = await importLines({
      content: inputBytes({ url, isDevelopment: options.isDevelopment, room, signal }),
      unwrapped: (bytes) => room.take(bytes),
      write: (operations) => write(options, asked, operations),
      validate: (resource) => faultsOf(resource, input, place),
      fault: ({ place: { line }, reason }) => errors.add(line, reason),
      progress: (counted) => progress(loaded(counted)),
      signal,
    })
    const name = await errors.finish()
    const result = { n, loaded: loaded(counts), failed: counts.failed, bytes: before - room.left }
    return { ...result, ...(name !== undefined && { errors: name }) }
  } catch (error) {
    await errors.abort()
    throw error
  }
}

/** What the practice and the app are now; 'forbidden' where the import may not go on. */
async function placeNow({ placeOf }: ImportOptions, { practice, principal }: Import): Promise<ImportPlace> {
  const place = await placeOf(practice, principal)
  try {
    checkPlace(place)
  } catch (cause) {
    throw new Problem('forbidden', (cause as Problem).message, { cause })
  }
  return place
}

async function write(
  options: ImportOptions,
  asked: Import,
  operations: readonly WriteOperation[],
): Promise<readonly WriteResult[]> {
  const { principal } = asked
  const place = await placeNow(options, asked)
  const rights = new Map(
    [...new Set(operations.map(({ type }) => type))].map((type) => [type, rightsTo(type, principal, place)]),
  )
  const changes = operations.map((operation) => ({ operation, may: rights.get(operation.type) ?? {} }))
  try {
    return await place.store.change(seeingAs(principal, place), changes)
  } catch (cause) {
    // Of rows, not of the app: the others of the batch may be written.
    if (cause instanceof Problem && cause.kind === 'forbidden') throw new Problem('invalid', cause.message, { cause })
    throw cause
  }
}

/** A file has resources of the type that was named, and each is as good as one that is posted. */
function faultsOf(resource: object, { type }: ImportFile, { practice }: ImportPlace): readonly string[] {
  const { resourceType } = resource as { resourceType?: unknown }
  if (resourceType !== type) return [`Cannot load ${resourceType}: the file was announced as one of ${type}`]
  const isChecked = practice.writes?.validation !== 'off'
  const faults = isChecked ? validateStructure(resource) : []
  return (faults.length > 0 ? faults : narrativeFaults(resource)).map(
    ({ expression, sentence }) => `${expression}: ${sentence}`,
  )
}
