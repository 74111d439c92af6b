/**
 * Files that are full, on their way into the list of the export. Several are finished at once and committed together, as
 * soon as they are worth a transaction: a small file costs none of its own.
 */
import { addTargets, type LinePlace } from '#store'
import type { Notice } from '../../export.ts'
import { addFiles, type NewFile } from '../../records/files-store.ts'
import { addNotices } from '../../records/notices-store.ts'
import { notePart } from '../../records/parts-store.ts'
import type { Walk } from '../walk.ts'
import type { NdjsonFile } from './file-writer.ts'

/** What is kept with a file when it is listed. */
export interface Finishing {
  readonly type: string
  /** Which selection the place is of. */
  readonly at: number
  /** Behind the last line. */
  readonly place: LinePlace
  readonly references: readonly string[]
  readonly files: readonly NewFile[]
  readonly notices: readonly Notice[]
}

type Finished = readonly [NewFile, Finishing]

/** Each has up to two buffers until it is finished, small ones next to nothing. */
const mostAtOnce = 32
const mostBytesAtOnce = 16 * 1024 * 1024
const bytesOfBuffers = 2 * 1024 * 1024
/** Less is done again, if need be, rather than committed alone. */
const worthCommitting = 4 * 1024 * 1024

export class FinishedFiles {
  readonly #walk: Walk
  #waiting: Promise<Finished>[] = []
  #waitingBytes = 0
  /** Those of a commit that is under way, too. */
  #unfinishedBytes = 0
  #committing: Promise<void> | undefined
  #failed = false

  constructor(walk: Walk) {
    this.#walk = walk
  }

  /** A promise holds the caller back. */
  add(file: NdjsonFile, finishing: Finishing): void | Promise<void> {
    const bytes = Math.min(file.bytes, bytesOfBuffers)
    this.#unfinishedBytes += bytes
    const finished = this.#finish(file, finishing).finally(() => {
      this.#unfinishedBytes -= bytes
    })
    finished.catch(() => undefined) // told when it is waited for
    this.#waiting.push(finished)
    this.#waitingBytes += bytes
    const areMany = this.#waiting.length >= mostAtOnce || this.#unfinishedBytes >= mostBytesAtOnce
    if (areMany || this.#waitingBytes >= worthCommitting) this.#begin()
    if (areMany || this.#failed) return this.#committing
  }

  #begin() {
    this.#committing ??= this.#commit()
    this.#committing.catch(() => undefined)
  }

  async #finish(file: NdjsonFile, finishing: Finishing): Promise<Finished> {
    const storedBytes = await file.finish().catch(async (error: unknown) => {
      await file.abort()
      throw error
    })
    const { type } = finishing
    const { stored, lines, bytes } = file
    const { isGzipped } = this.#walk.exported.shape
    return [
      { kind: 'output', type, stored, lines, bytes, storedBytes, ...(isGzipped && { encoding: 'gzip' }) },
      finishing,
    ]
  }

  async #commit(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        this.#waitingBytes = 0
        const batch = await Promise.allSettled(this.#waiting.splice(0))
        const failed = batch.findIndex(({ status }) => status === 'rejected')
        // what lies before the one that failed counts
        const finished = failed < 0 ? batch : batch.slice(0, failed)
        await this.#list(finished.map((each) => (each as PromiseFulfilledResult<Finished>).value))
        if (failed >= 0) throw (batch[failed] as PromiseRejectedResult).reason
      }
    } catch (error) {
      this.#failed = true
      throw error
    }
    this.#committing = undefined
  }

  async #list(batch: readonly Finished[]): Promise<void> {
    if (batch.length === 0) return
    const { parts, exported, n, step, places } = this.#walk
    const { practice, id } = exported
    const those = batch.map(([, finishing]) => finishing)
    const { at, place } = those.at(-1) as Finishing
    const files = batch.flatMap(([file, besides]) => [file, ...besides.files])
    const lines = batch.reduce((sum, [file]) => sum + file.lines, 0)
    await parts.db.transaction(async (transaction) => {
      await step.save({ at, after: place }, transaction)
      await addFiles(transaction, practice, id, { files, nameOf: places.nameOf })
      await notePart(transaction, { practice, id, n }, lines)
      await addTargets(transaction, { practice, id }, new Set(those.flatMap(({ references }) => references)))
      await addNotices(
        transaction,
        practice,
        id,
        those.flatMap(({ notices }) => notices),
      )
    })
  }

  /** Everything that was added is listed. */
  async settled(): Promise<void> {
    if (this.#waiting.length > 0) this.#begin()
    await this.#committing
  }
}
