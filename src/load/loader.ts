import { compact, hasRawLineBreak } from '#fhir'
import { Problem } from '#lib'
import type { ResolveMany } from '#store'
import { loadBundle, type ParsedBundle } from './bundle-load.ts'
import type { Fault } from './faults-file.ts'
import type { OlderVersions } from './older-versions.ts'
import { type Parsed, parsed } from './parsed.ts'
import type { Place, Text } from './reading/texts.ts'
import { remembered } from './remembered.ts'
import type { Tally } from './tally.ts'
import { type Spool, spool } from './writing/spool.ts'
import type { Unit } from './writing/unit.ts'
import { type Write, type Writer, writerTo } from './writing/writer.ts'

export interface Loading {
  readonly write: Write
  readonly resolve: ResolveMany
  /** False: what stands in a Bundle is not done, and the Bundle is told as a fault. */
  readonly takesBundles?: boolean
  readonly validate: (resource: object) => readonly string[]
  readonly fault: (fault: Fault) => Promise<void> | void
  /** JSON that is no FHIR was met. */
  readonly noResource: (place: Place) => Promise<void> | undefined
  /** Told after each batch. */
  readonly written: () => void
  readonly tally: Tally
  readonly older: OlderVersions
  readonly temporaryFolder: string | undefined
}

/** Takes the texts of the input, in their order, to the store. */
export interface Loader {
  /** Waits only when the writer does. `number` counts the texts of the input. */
  load(text: Text, number: number): Promise<void> | undefined
  /** Until all that is resources and was loaded is stored or told as a fault. */
  flush(): Promise<void>
  /** After the last text: what had to wait for it. */
  finish(): Promise<void>
  /** Finishes what is under way and leaves the rest. */
  stop(): Promise<void>
  readonly replaced: number
  [Symbol.asyncDispose](): Promise<void>
}

/** A Bundle that refers to what is not there yet. */
interface Waiting {
  readonly place: Place
  readonly number: number
  readonly text: string
}

export function loaderTo(loading: Loading): Loader {
  const { tally, older, takesBundles = true } = loading
  const firstWaiting = spool<Waiting>(loading.temporaryFolder)
  let replaced = 0
  const writer = writerTo({
    write: loading.write,
    written(unit, results) {
      for (const [index, operation] of unit.operations.entries()) {
        older.stored(operation)
        tally.add(operation.type, results[index]?.outcome ?? 'failed')
      }
      loading.written()
    },
    async refused({ operations, places }, problem) {
      for (const operation of operations) tally.add(operation.type, 'failed')
      await loading.fault({ place: places[0] as Place, reason: problem.message })
    },
    replaced: () => void replaced++,
  })
  const known = remembered({ resolve: loading.resolve, flush: writer.flush, holds: writer.holds })
  const add = (unit: Unit, number: number) => {
    for (const { type } of unit.operations) known.changed(type)
    return older.mayKeep ? addNewest(writer, older, unit, number) : writer.add(unit)
  }
  const addBundle = async (bundle: ParsedBundle, from: Origin, waiting: Spool<Waiting>, isLastCall = false) => {
    const { resolve } = known
    const load = await loadBundle(bundle, { place: from.place, resolve, validate: loading.validate, isLastCall })
    for (const type of load.failed) tally.add(type, 'failed')
    for (const type of load.untouched) tally.add(type, 'unchanged')
    for (const fault of load.faults) await loading.fault(fault)
    for (const one of load.waiting) await waiting.add({ ...one, number: from.number })
    for (const unit of load.units) await add(unit, from.number)
  }
  /** Bundles may wait for each other: as long as a round gets further, there is another. */
  const retry = async (waiting: Spool<Waiting>, isLastCall: boolean): Promise<void> => {
    if (waiting.count === 0) return
    await using still = spool<Waiting>(loading.temporaryFolder)
    for await (const { text, place, number } of waiting.items()) {
      const bundle = parsed({ place, bytes: Buffer.from(text) }) as ParsedBundle
      await addBundle(bundle, { place, number }, still, isLastCall)
    }
    await retry(still, still.count === waiting.count)
  }
  const refuse = (place: Place, type: string, reason: string) => {
    tally.add(type, 'failed')
    return Promise.resolve(loading.fault({ place, reason }))
  }
  return {
    load(text, number) {
      const read = readText(text)
      if (read instanceof Problem) return refuse(text.place, '', reasonOf(read, text.place))
      if (read.is === 'other') return loading.noResource(text.place)
      if (read.is === 'bundle' && !takesBundles) return refuse(text.place, 'Bundle', noBundle)
      if (read.is === 'bundle') return addBundle(read, { place: text.place, number }, firstWaiting)
      const sentences = loading.validate(read.content.parsed)
      if (sentences.length === 0) return add(unitOf(read, text.place), number)
      return refuse(text.place, read.content.type, sentences.join('; '))
    },
    flush: writer.flush,
    async finish() {
      await writer.flush()
      await retry(firstWaiting, false)
      await writer.flush()
      for await (const unit of older.stillWanted()) await writer.add(unit)
      await writer.flush()
    },
    stop: writer.stop,
    get replaced() {
      return replaced
    },
    [Symbol.asyncDispose]: () => firstWaiting[Symbol.asyncDispose](),
  }
}

const noBundle = 'Cannot load a Bundle here: give what it holds as NDJSON, a resource a line'

interface Origin {
  readonly place: Place
  readonly number: number
}

async function addNewest(writer: Writer, older: OlderVersions, unit: Unit, number: number): Promise<void> {
  const newest = await older.without(unit, number)
  if (newest.operations.length > 0) await writer.add(newest)
}

function readText(text: Text): Parsed | Problem {
  try {
    return parsed(text)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

function unitOf({ id, content }: Extract<Parsed, { is: 'resource' }>, place: Place): Unit {
  const text = hasRawLineBreak(content.text) ? compact(content.text) : content.text
  return { operations: [{ kind: 'put', type: content.type, id, text, resource: content.parsed }], places: [place] }
}

/** In a file of lines the place has the line already. */
function reasonOf(problem: Problem, place: Place): string {
  return place.line === undefined ? problem.message : problem.message.replace('(line 1, column', '(column')
}
