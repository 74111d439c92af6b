/**
 * The files of a part, one after the other: lines come in, and a file that is full is finished, listed and committed with
 * the place behind its last line, while the next one is filled already.
 */
import { randomBytes } from 'node:crypto'
import { addTargets, type LinePlace, placeIn } from '#store'
import type { Notice } from '../export.ts'
import { addFiles, type NewFile } from '../records/files-store.ts'
import { addNotices } from '../records/notices-store.ts'
import { notePart } from '../records/parts-store.ts'
import { createNdjson, type NdjsonFile } from './file-writer.ts'
import type { LineAt, Outgoing } from './outgoing.ts'
import type { Walk } from './walk.ts'

/** What goes with the next file that is finished. */
interface Besides {
  readonly files: NewFile[]
  readonly notices: Notice[]
}

export class CutFiles {
  readonly #walk: Walk
  #type = ''
  #file: NdjsonFile | undefined
  #besides: Besides = { files: [], notices: [] }
  /** Behind the last line of the file. */
  readonly #place = Buffer.alloc(16)
  #saved: Promise<void> = Promise.resolve()

  constructor(walk: Walk) {
    this.#walk = walk
  }

  get isBetweenFiles(): boolean {
    return this.#file === undefined
  }

  /** Takes lines of a type. */
  of(type: string): Outgoing {
    return {
      line: (bytes, at) => this.#line(type, bytes, at),
      addNotice: (notice) => void this.#besides.notices.push(notice),
      addFile: (file) => void this.#besides.files.push(file),
    }
  }

  #line(type: string, bytes: Buffer, { start, end, place }: LineAt): void | Promise<void> {
    const file = this.#file
    const { mostBytes, mostLines } = this.#walk.exported.shape
    if (!file || (file.bytes + end - start + 1 > mostBytes && file.lines > 0))
      return this.#first(type, bytes, { start, end, place })
    place.copy(this.#place)
    const held = file.line(bytes, start, end)
    if (file.lines < mostLines) return held
    return held ? held.then(() => this.close()) : this.close()
  }

  async #first(type: string, bytes: Buffer, at: LineAt): Promise<void> {
    // the place may be overwritten while the file before is finished, the bytes not
    const place = Buffer.from(at.place)
    await this.close()
    const { parts, exported, folder } = this.#walk
    this.#type = type
    this.#file = await createNdjson(
      parts.files,
      `${folder}/${randomBytes(8).toString('hex')}.ndjson`,
      exported.shape.isGzipped,
    )
    await this.#line(type, bytes, { ...at, place })
  }

  /** Finishes the file that is open; it is committed while the caller goes on. */
  async close(): Promise<void> {
    const file = this.#file
    if (!file) return
    this.#file = undefined
    const besides = this.#besides
    this.#besides = { files: [], notices: [] }
    const [type, place, references] = [this.#type, placeIn(this.#place), this.#walk.references?.take() ?? []]
    const before = this.#saved
    this.#saved = before.then(() => this.#save(file, { type, place, references, besides }))
    this.#saved.catch(() => undefined) // told when it is waited for
    // one file is finished while the next is filled: no more are open
    await before
  }

  async #save(file: NdjsonFile, { type, place, references, besides }: Saving): Promise<void> {
    const storedBytes = await file.finish()
    const { parts, exported, n, at, step, places } = this.#walk
    const { practice, id, shape } = exported
    const made: NewFile = {
      ...{ kind: 'output', type, stored: file.stored, lines: file.lines, bytes: file.bytes, storedBytes },
      ...(shape.isGzipped && { encoding: 'gzip' }),
    }
    await parts.db.transaction(async (transaction) => {
      await step.save({ at, after: place }, transaction)
      await addFiles(transaction, practice, id, { files: [made, ...besides.files], nameOf: places.nameOf })
      await notePart(transaction, { practice, id, n }, file.lines)
      await addTargets(transaction, { practice, id }, references)
      await addNotices(transaction, practice, id, besides.notices)
    })
  }

  /** Everything that was finished is committed. */
  settled(): Promise<void> {
    return this.#saved
  }

  /** Removes the file that is open. */
  async abort(): Promise<void> {
    await this.#saved.catch(() => undefined)
    await this.#file?.abort()
    this.#file = undefined
  }
}

interface Saving {
  readonly type: string
  readonly place: LinePlace
  readonly references: readonly string[]
  readonly besides: Besides
}
