/**
 * An import of one stream that comes from elsewhere and is read once: NDJSON of resources, as it is or compressed. Unlike `importFrom` it
 * tells nothing of a stream that breaks off but rejects, so that whoever opened it can open it again: what is written a
 * second time changes nothing.
 */
import { Problem } from '#lib'
import type { Importing, Summary } from './import-from.ts'
import { type Loader, loaderTo } from './loader.ts'
import { olderVersions } from './older-versions.ts'
import { type Bytes, decompressed } from './reading/bytes.ts'
import { textsOf } from './reading/texts.ts'
import { tally } from './tally.ts'

export interface ImportingLines extends Pick<Importing, 'write' | 'fault' | 'temporaryFolder'> {
  readonly content: AsyncIterable<Buffer>
  readonly validate: NonNullable<Importing['validate']>
  /** Told of bytes as they are unwrapped; what it throws ends the import. */
  readonly unwrapped: (bytes: number) => void
  /** Told after each batch. */
  readonly progress: (counts: Summary['counts']) => void | Promise<void>
  readonly signal: AbortSignal
}

/** All that its counts say is stored for good. */
export async function importLines(importing: ImportingLines): Promise<Pick<Summary, 'counts' | 'byType'>> {
  const { write, fault, validate, temporaryFolder, signal } = importing
  const counted = tally()
  const notFhir = 'Cannot load it: it is JSON without resourceType and so no FHIR'
  await using older = olderVersions(new Map(), temporaryFolder)
  await using loader = loaderTo({
    ...{ write, fault, validate, temporaryFolder, older, tally: counted },
    takesBundles: false,
    resolve: async (queries) => queries.map(() => []), // only Bundles ask
    noResource(place) {
      counted.add('', 'failed')
      return Promise.resolve(fault({ place, reason: notFhir }))
    },
    written: () => void importing.progress(counted.all),
  })
  try {
    await loadAll(loader, importing)
    signal.throwIfAborted()
    await loader.finish()
  } catch (error) {
    await loader.stop().catch(() => {}) // nothing is under way when the caller goes on
    throw isUnpacking(error) ? new Problem('incorrect', 'it is compressed and cannot be unpacked') : error
  }
  return { counts: counted.all, byType: counted.byType }
}

async function loadAll(loader: Loader, importing: ImportingLines): Promise<void> {
  const content = counting(await decompressed(importing.content), importing.unwrapped)
  let number = 0
  for await (const texts of textsOf({ name: 'input.ndjson', content })) {
    for (const text of texts) {
      importing.signal.throwIfAborted()
      const pending = loader.load(text, number++)
      if (pending) await pending
    }
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
