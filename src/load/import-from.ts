/**
 * An import, told in order. A first look finds what the input holds more than once (where it can be read twice). Then each
 * text is read, checked and given to the writer, which says when it is stored. A Bundle that refers to what is not there
 * yet waits in a temporary file, and so does an older version of what comes again. At the end the Bundles are tried until
 * none gets further; last come the older versions whose newer one was refused. In memory are the texts of one chunk, one
 * Bundle and the batches under way, however long the input is.
 */
import type { Readable } from 'node:stream'
import type { ResolveMany } from '#store'
import type { Fault } from './faults-file.ts'
import { lastVersions } from './last-versions.ts'
import { loaderTo } from './loader.ts'
import { olderVersions } from './older-versions.ts'
import { type Reading, sourceBytes, sourceFiles } from './reading/sources.ts'
import { isNdjson, type Place, type Text, textsOf } from './reading/texts.ts'
import { type Tally, tally } from './tally.ts'
import type { Write } from './writing/writer.ts'

export interface Importing {
  readonly write: Write
  readonly resolve: ResolveMany
  /** What is wrong with a resource, a sentence each; empty when it can be stored. */
  readonly validate?: (resource: object) => readonly string[]
  readonly fault: (fault: Fault) => Promise<void> | void
  readonly skipped?: (name: string, reason: string) => void
  readonly progress?: (progress: Progress) => void
  /** Ends the import early: what is under way is finished, the rest is left. */
  readonly signal?: AbortSignal
  readonly stdin?: Readable
  readonly temporaryFolder?: string
}

export interface Progress {
  readonly counts: Tally['all']
  readonly bytesRead: number
  /** Undefined when standard input is read. */
  readonly bytesInAll: number | undefined
}

export interface Summary {
  readonly counts: Tally['all']
  readonly byType: Tally['byType']
  /** Older versions in the input that gave way to a newer one there. */
  readonly passedOver: number
  readonly isInterrupted: boolean
}

const notFhir = 'it is JSON without resourceType and so no FHIR'

/** Loads files, folders, archives and standard input (`-`); all that `written` counts is stored for good. */
export async function importFrom(sources: readonly string[], importing: Importing): Promise<Summary> {
  const { signal, skipped = () => {}, validate = () => [], progress = () => {} } = importing
  const bytesInAll = await sourceBytes(sources)
  const counted = tally()
  let bytesRead = 0
  const tell = () => progress({ counts: counted.all, bytesRead, bytesInAll })
  const reading: Reading = {
    skipped,
    ...(importing.stdin && { stdin: importing.stdin }),
    async unreadable(file, reason) {
      counted.add('', 'failed')
      await importing.fault({ place: { file }, reason })
    },
    passed(bytes) {
      bytesRead += bytes
      tell()
    },
  }
  // A package.json in a folder is passed over; what was named, or stands in NDJSON, was meant to be loaded.
  const noResource = (place: Place) => {
    if (!sources.includes(place.file) && !isNdjson(place.file)) return void skipped(place.file, notFhir)
    counted.add('', 'failed')
    return Promise.resolve(importing.fault({ place, reason: `Cannot load it: ${notFhir}` }))
  }
  const last = bytesInAll === undefined ? new Map<string, number>() : await look(sources, bytesInAll, signal)
  await using older = olderVersions(last, importing.temporaryFolder)
  await using loader = loaderTo({
    ...{
      write: importing.write,
      resolve: importing.resolve,
      fault: importing.fault,
      temporaryFolder: importing.temporaryFolder,
    },
    ...{ validate, noResource, older, tally: counted, written: tell },
  })
  await eachText(sources, { ...reading, signal }, (text, number) => loader.load(text, number))
  await (signal?.aborted ? loader.stop() : loader.finish())
  return {
    ...{ counts: counted.all, byType: counted.byType, passedOver: older.count + loader.replaced },
    isInterrupted: signal?.aborted ?? false,
  }
}

/** What stands in several texts of the input, and in which of them last. */
async function look(sources: readonly string[], inputBytes: number, signal: AbortSignal | undefined) {
  const versions = lastVersions(inputBytes)
  await eachText(sources, { skipped() {}, unreadable() {}, signal }, (text, number) => versions.look(text, number))
  return versions.last
}

/** Calls `act` for each text of the input with its number, the same each time; a file that breaks off ends there. */
async function eachText(
  sources: readonly string[],
  reading: Reading & { readonly signal: AbortSignal | undefined },
  act: (text: Text, number: number) => Promise<void> | undefined | void,
): Promise<void> {
  let number = 0
  for await (const file of sourceFiles(sources, reading)) {
    const chunks = textsOf(file)
    while (true) {
      const texts = await nextTexts(chunks, (reason) => reading.unreadable(file.name, reason))
      if (!texts) break
      for (const text of texts) {
        if (reading.signal?.aborted) return
        const pending = act(text, number++)
        if (pending) await pending
      }
    }
  }
}

/** The next texts; undefined at the end, and after telling why when the file can't be read further. */
async function nextTexts(chunks: AsyncGenerator<Text[]>, unreadable: (reason: string) => void | Promise<void>) {
  try {
    const step = await chunks.next()
    return step.done ? undefined : step.value
  } catch (cause) {
    await unreadable(`Cannot read it further: ${cause instanceof Error ? cause.message : String(cause)}`)
    return undefined
  }
}
