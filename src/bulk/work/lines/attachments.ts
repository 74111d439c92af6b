import { randomBytes } from 'node:crypto'
import type { NewFile } from '../../records/files-store.ts'
import type { Walk } from '../walk.ts'
import type { TakenOut } from './edit-line.ts'

/** Takes the files that are made besides. */
interface Besides {
  addFile(file: NewFile): void
}

/** Content that is too large for a line: a file of its own each. */
export class Attachments {
  readonly #walk: Walk
  readonly #out: Besides
  #storing: Promise<void>[] = []

  constructor(walk: Walk, out: Besides) {
    this.#walk = walk
    this.#out = out
  }

  /** Where the content will be found; it is written meanwhile. */
  addressOf(taken: TakenOut): string {
    const name = `attachment-${randomBytes(16).toString('hex')}`
    const file = { kind: 'attachment', type: taken.contentType, name } as const
    this.#storing.push(this.#store(file, taken.bytes))
    return this.#walk.places.addressOf(file)
  }

  async #store(file: Pick<NewFile, 'kind' | 'type'> & { readonly name: string }, bytes: Buffer): Promise<void> {
    const { parts, folder } = this.#walk
    const stored = `${folder}/${file.name}`
    const writer = await parts.files.create(stored)
    try {
      await writer.write(bytes)
      const { size } = await writer.finish()
      this.#out.addFile({ ...file, stored, lines: 0, bytes: size, storedBytes: size })
    } catch (error) {
      await writer.abort()
      throw error
    }
  }

  get isStoring(): boolean {
    return this.#storing.length > 0
  }

  async stored(): Promise<void> {
    const storing = this.#storing
    this.#storing = []
    await Promise.all(storing)
  }
}
