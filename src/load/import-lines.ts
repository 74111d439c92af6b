/**
 * An import of one stream that comes from elsewhere and is read once: NDJSON of resources, as it is or compressed. Unlike `importFrom` it
 * tells nothing of a stream that breaks off but rejects, so that whoever opened it can open it again: what is written a
 * second time changes nothing. It may be paused between two lines; whoever opens the stream again goes on behind them.
 */
import { Problem } from '#lib'
import type { Importing, Summary } from './import-from.ts'
import { type Loader, loaderTo } from './loader.ts'
import { olderVersions } from './older-versions.ts'
import { type Bytes, decompressed } from './reading/bytes.ts'
import { type GoingOn, goingOn, type LinesPlace } from './reading/going-on.ts'
import { type NumberedTexts, numberedTexts } from './reading/texts.ts'
import { tally } from './tally.ts'

export interface ImportingLines extends Pick<Importing, 'write' | 'fault' | 'temporaryFolder'> {
  readonly content: AsyncIterable<Buffer>
  /** What an earlier import of the same stream loaded is passed over. */
  readonly from?: LinesPlace | undefined
  readonly validate: NonNullable<Importing['validate']>
  /** Told of bytes as they are unwrapped; what it throws ends the import. */
  readonly unwrapped: (bytes: number) => void
  /** Told with each chunk of lines behind `from`. */
  readonly arrived?: (() => void) | undefined
  /** Told after each batch. */
  readonly progress: (counts: Summary['counts']) => void | Promise<void>
  readonly signal: AbortSignal
  /** Aborted when it should stop at the next line and keep what it has. `content` may reject then. */
  readonly pause?: AbortSignal | undefined
}

export interface ImportedLines extends Pick<Summary, 'counts' | 'byType'> {
  /** `hopeless`: it has nothing but faults; `changed`: what comes before `from` is something else now. */
  readonly how: 'done' | 'paused' | 'hopeless' | 'changed'
  /** Behind what was loaded. */
  readonly place: LinesPlace
}

/** Since something was stored last: the others will not be better. */
export const mostFaults = 1000

/** All that its counts say is stored for good. */
export async function importLines(importing: ImportingLines): Promise<ImportedLines> {
  const { write, validate, temporaryFolder, signal } = importing
  const counted = tally()
  const notFhir = 'Cannot load it: it is JSON without resourceType and so no FHIR'
  let faults = 0
  const fault: Importing['fault'] = (told) => {
    faults++
    return importing.fault(told)
  }
  await using older = olderVersions(new Map(), temporaryFolder)
  await using loader = loaderTo({
    ...{ write, fault, validate, temporaryFolder, older, tally: counted },
    takesBundles: false,
    resolve: async (queries) => queries.map(() => []), // only Bundles ask
    noResource(place) {
      counted.add('', 'failed')
      return Promise.resolve(fault({ place, reason: notFhir }))
    },
    written() {
      faults = 0
      void importing.progress(counted.all)
    },
  })
  const isHopeless = () => {
    if (faults < mostFaults) return false
    return loader.flush().then(() => faults >= mostFaults) // what waited to be stored may end the row
  }
  const reading = goingOn(importing.from)
  try {
    const how = await loadAll(importing, { loader, reading, isHopeless })
    signal.throwIfAborted()
    await loader.finish()
    return { how, place: reading.place, counts: counted.all, byType: counted.byType }
  } catch (error) {
    await loader.stop().catch(() => {}) // nothing is under way when the caller goes on
    throw isUnpacking(error) ? new Problem('incorrect', 'it is compressed and cannot be unpacked') : error
  }
}

interface Under {
  readonly loader: Loader
  readonly reading: GoingOn
  readonly isHopeless: () => Promise<boolean> | false
}

async function loadAll(
  importing: ImportingLines,
  { loader, reading, isHopeless }: Under,
): Promise<ImportedLines['how']> {
  const { signal, pause, arrived, from } = importing
  let number = 0
  for await (const chunk of untilPaused(chunksOf(importing), pause)) {
    const texts = reading.behind(chunk)
    if (!texts) return 'changed'
    for (const text of texts) {
      signal.throwIfAborted()
      const pending = loader.load(text, number++)
      if (pending) await pending
      const hopeless = isHopeless()
      if (hopeless && (await hopeless)) return 'hopeless'
    }
    if (reading.isBehind) arrived?.()
  }
  if (pause?.aborted) return 'paused'
  return reading.place.line < (from?.line ?? 0) ? 'changed' : 'done'
}

async function* chunksOf({ content, unwrapped }: ImportingLines): AsyncGenerator<NumberedTexts> {
  yield* numberedTexts('input.ndjson', counting(await decompressed(content), unwrapped))
}

/** A pause may come while nothing does: the stream rejects then. */
async function* untilPaused<T>(items: AsyncIterable<T>, pause: AbortSignal | undefined): AsyncGenerator<T> {
  try {
    for await (const item of items) {
      yield item
      if (pause?.aborted) return
    }
  } catch (error) {
    if (!pause?.aborted) throw error
  }
}

async function* counting(source: Bytes, unwrapped: ImportingLines['unwrapped']): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    unwrapped(chunk.length)
    yield chunk
  }
}

/** https://nodejs.org/api/errors.html#zlib-errors */
function isUnpacking(error: unknown): boolean {
  const { code = '' } = error as { code?: string }
  return /^(Z_|ZSTD_)/.test(code)
}
