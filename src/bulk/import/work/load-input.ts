/** One file of an import, from its source into the store: under the rights that its app has while it is loaded. */
import { narrativeFaults, validateStructure } from '#fhir'
import { Problem } from '#lib'
import { type ImportedLines, importLines, type LinesPlace, loaded, mostFaults } from '#load'
import type { WriteOperation, WriteResult } from '#store'
import type { ImportOptions, ImportPlace } from '../options.ts'
import { folderOf, type Import, type ImportFile } from '../records/import.ts'
import { checkPlace, rightsTo, seeingAs } from '../rights.ts'
import { type ErrorLines, type ErrorsKept, errorLines } from './error-lines.ts'
import { inputBytes, type Room, roomFor } from './input-bytes.ts'
import { type Turn, turnAmong } from './turn.ts'

export interface Loading {
  readonly asked: Import
  readonly input: ImportFile
  /** Where an earlier run made room for others. */
  readonly from: Reached | undefined
  /** Bytes of the files before. */
  readonly taken: number
  readonly signal: AbortSignal
  readonly progress: (loaded: number) => void
}

/** How far a file is loaded; plain JSON. */
export interface Reached {
  readonly place: LinesPlace
  readonly loaded: number
  readonly failed: number
  readonly errors?: ErrorsKept
}

export type Loaded = Pick<ImportFile, 'n' | 'loaded' | 'failed' | 'bytes' | 'errors'>

/** What came of the file, or how far it is when others have their turn. */
export type Run = { readonly isPaused: false; readonly loaded: Loaded } | { readonly isPaused: true; reached: Reached }

/**
 * Rejects when the file could not be read to its end; what was stored until then stays. A file that is not what it was when
 * it made room for others is loaded from its beginning and in one go, or it might never come to its end.
 */
export async function loadInput(options: ImportOptions, loading: Loading): Promise<Run> {
  const place = await placeNow(options, loading.asked)
  const folder = `${folderOf(loading.asked.practice, loading.asked.id)}/errors-${loading.input.n}`
  const { from } = loading
  using turn = turnAmong(options.db)
  const files = await options.files()
  const errors = errorLines(files, `${folder}-${from?.place.line ?? 0}.ndjson`, from?.errors)
  const first = await loadLines(options, loading, { place, errors, turn })
  if (first) return first
  const anew = { ...loading, from: undefined }
  const again = await loadLines(options, anew, { place, errors: errorLines(files, `${folder}-anew.ndjson`) })
  if (again) return again
  throw new TypeError('a file that is read from its beginning cannot have changed')
}

interface Under {
  readonly place: ImportPlace
  readonly errors: ErrorLines
  /** Undefined: the others wait until the file is loaded. */
  readonly turn?: Turn
}

/** Undefined: what was loaded before is something else now. */
async function loadLines(options: ImportOptions, loading: Loading, under: Under): Promise<Run | undefined> {
  const { errors, place } = under
  const room = roomFor(place.mostGigabytes, loading.taken)
  const before = room.left
  try {
    const imported = await importLines(linesOf(options, loading, { ...under, room }))
    if (imported.how === 'hopeless') await errors.end(hopeless())
    const told = await errors.finish()
    return imported.how === 'changed' ? undefined : runOf(loading, imported, { told, bytes: before - room.left })
  } catch (error) {
    await errors.abort()
    throw error
  }
}

const hopeless = () =>
  `The rest of this file was not read: of its last ${mostFaults.toLocaleString('en-US')} lines none could be loaded`

function linesOf(
  options: ImportOptions,
  { asked, input, from, signal, progress }: Loading,
  { place, errors, turn, room }: Under & { readonly room: Room },
): Parameters<typeof importLines>[0] {
  const until = turn ? AbortSignal.any([signal, turn.source]) : signal
  const bytes = inputBytes({ url: input.url, isDevelopment: options.isDevelopment, room, signal: until })
  return {
    ...{ signal, from: from?.place, pause: turn?.over, arrived: turn?.arrived },
    content: turn ? turn.watched(bytes) : bytes,
    unwrapped: (unwrapped) => room.take(unwrapped),
    write: (operations) => write(options, asked, operations),
    validate: (resource) => faultsOf(resource, input, place),
    fault: ({ place: { line }, reason }) => errors.add(line, reason),
    progress: (counted) => progress((from?.loaded ?? 0) + loaded(counted)),
  }
}

interface Found {
  readonly told: ErrorsKept | undefined
  readonly bytes: number
}

function runOf({ from, input }: Loading, { how, place, counts }: ImportedLines, { told, bytes }: Found): Run {
  const sums = { loaded: (from?.loaded ?? 0) + loaded(counts), failed: (from?.failed ?? 0) + counts.failed }
  if (how === 'paused') return { isPaused: true, reached: { ...sums, place, ...(told && { errors: told }) } }
  return { isPaused: false, loaded: { ...sums, n: input.n, bytes, ...(told && { errors: told.name }) } }
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
