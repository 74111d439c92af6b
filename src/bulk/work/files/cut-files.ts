/**
 * The files of a part, one after the other: lines come in, and a file that is full is finished and listed with the place
 * behind its last line, while the next one is filled already.
 */
import { randomBytes } from 'node:crypto'
import { placeIn } from '#store'
import type { Notice } from '../../export.ts'
import type { NewFile } from '../../records/files-store.ts'
import type { LineAt, Outgoing } from '../lines/outgoing.ts'
import type { Walk } from '../walk.ts'
import { createNdjson, type NdjsonFile } from './file-writer.ts'
import { FinishedFiles } from './finished-files.ts'

export class CutFiles {
  readonly #walk: Walk
  readonly #finished: FinishedFiles
  #type = ''
  #file: NdjsonFile | undefined
  /** What goes with the next file that is finished. */
  #besides: { readonly files: NewFile[]; readonly notices: Notice[] } = { files: [], notices: [] }
  /** Behind the last line of the file. */
  readonly #place = Buffer.alloc(16)

  constructor(walk: Walk) {
    this.#walk = walk
    this.#finished = new FinishedFiles(walk)
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

  /** A promise holds the caller back, who keeps the line until then. */
  #line(type: string, bytes: Buffer, at: LineAt): void | Promise<void> {
    const file = this.#file
    const { start, end, place } = at
    const { mostBytes, mostLines } = this.#walk.exported.shape
    const isOver = file && file.lines > 0 && file.bytes + end - start + 1 > mostBytes
    if (!file || isOver) return this.#first(type, bytes, at)
    place.copy(this.#place)
    const held = file.line(bytes, start, end)
    if (file.lines < mostLines) return held
    return held ? held.then(() => this.close()) : this.close()
  }

  async #first(type: string, bytes: Buffer, at: LineAt): Promise<void> {
    await this.close()
    const { parts, exported, folder } = this.#walk
    const stored = `${folder}/${randomBytes(8).toString('hex')}.ndjson`
    this.#type = type
    this.#file = await createNdjson(parts, stored, exported.shape.isGzipped)
    await this.#line(type, bytes, at)
  }

  /** Finishes the file that is open; it is listed while the caller goes on. */
  close(): void | Promise<void> {
    const file = this.#file
    if (!file) return
    this.#file = undefined
    const besides = this.#besides
    this.#besides = { files: [], notices: [] }
    // all of it as it is now: the walk goes on meanwhile, to the next selection too
    const { at, references } = this.#walk
    return this.#finished.add(file, {
      ...{ at, type: this.#type, place: placeIn(this.#place), references: references?.take() ?? [] },
      ...besides,
    })
  }

  /** Everything that was finished is listed. */
  settled(): Promise<void> {
    return this.#finished.settled()
  }

  /** Removes the file that is open. */
  async abort(): Promise<void> {
    await this.settled().catch(() => undefined)
    await this.#file?.abort()
    this.#file = undefined
  }
}
