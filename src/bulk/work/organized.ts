/**
 * `organizeOutputBy=Patient`: blocks, each a header, the Patient and the rest of the record.
 * https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-organization
 */
import { randomBytes } from 'node:crypto'
import { blocksOf, patientKeys, type Selection } from '#store'
import type { Notice } from '../export.ts'
import { addFiles, type NewFile } from '../records/files-store.ts'
import { addNotices } from '../records/notices-store.ts'
import { endPart, notePart, queueStep } from '../records/parts-store.ts'
import { alwaysHidden } from './beginning/choose.ts'
import { createNdjson, type NdjsonFile } from './files/file-writer.ts'
import { type LineAt, type Outgoing, outgoing } from './lines/outgoing.ts'
import { seenAsBefore } from './seen.ts'
import type { Walk } from './walk.ts'

/** All files of the part are listed together: it is small. */
export async function runOrganized(walk: Walk, { lo, hi }: Selection, access: string): Promise<void> {
  const { parts, exported, n, step, places } = walk
  const { practice, id, t, request } = exported
  const see = await seenAsBefore(parts, exported, access)
  const hidden = new Map(request.types.map((type) => [type, alwaysHidden(see(type))]))
  const blocks = new Blocks(walk)
  try {
    await blocksOf(parts.db, { practice, id, t, lo, hi, hidden }, outgoing(walk, undefined, blocks), step.signal)
    const files = await blocks.finish()
    await parts.db.transaction(async (transaction) => {
      await step.save({ ended: true }, transaction)
      await addFiles(transaction, practice, id, { files, nameOf: places.nameOf })
      await addNotices(transaction, practice, id, blocks.notices)
      await notePart(transaction, { practice, id, n }, blocks.lines)
      if (await endPart(transaction, { practice, id, n })) {
        await queueStep(transaction, practice, { export: id, step: 'finish' })
      }
    })
  } catch (error) {
    await blocks.abort()
    throw error
  }
}

/** Files of a part of an organized export are numbered apart from those of others. */
const mostFilesOfPart = 10_000

class Blocks implements Outgoing {
  readonly #walk: Walk
  readonly #made: NewFile[] = []
  readonly notices: Notice[] = []
  #file: NdjsonFile | undefined
  /** Key of the patient whose block is being written, and its header. */
  #patient: bigint | undefined
  #header: Buffer = Buffer.alloc(0)
  lines = 0

  constructor(walk: Walk) {
    this.#walk = walk
  }

  addNotice(notice: Notice) {
    this.notices.push(notice)
  }

  addFile(file: NewFile) {
    this.#made.push(file)
  }

  async line(bytes: Buffer, { start, end, place }: LineAt): Promise<void> {
    const line = Buffer.from(bytes.subarray(start, end))
    const patient = place.readBigInt64BE(0)
    if (patient !== this.#patient) await this.#begin(patient, line)
    else if (this.#isFullWith(line.length)) await this.#goOn()
    await this.#write(line)
    this.lines++
  }

  /** A block is begun in a new file where this one has enough. */
  async #begin(patient: bigint, first: Buffer): Promise<void> {
    this.#patient = patient
    this.#header = headerOf(first, this.#walk.exported.practice, patient)
    const { mostLines } = this.#walk.exported.shape
    if (this.#file && (this.#file.lines >= mostLines || this.#isFullWith(this.#header.length + first.length)))
      await this.#close()
    await this.#write(this.#header)
  }

  /** A block that is larger than a file may be goes on in the next, under its header. */
  async #goOn(): Promise<void> {
    await this.#close(this.#nameOf(this.#fileNumber() + 1))
    await this.#write(this.#header)
  }

  #isFullWith(length: number): boolean {
    return this.#file !== undefined && this.#file.bytes + length + 1 > this.#walk.exported.shape.mostBytes
  }

  async #write(line: Buffer): Promise<void> {
    const { parts, folder, exported } = this.#walk
    const stored = `${folder}/${randomBytes(8).toString('hex')}.ndjson`
    this.#file ??= await createNdjson(parts, stored, exported.shape.isGzipped)
    await this.#file.line(line, 0, line.length)
  }

  /** Of the file that is open. */
  #fileNumber(): number {
    return this.#made.filter(({ kind }) => kind === 'output').length + 1
  }

  #nameOf(number: number): string {
    return this.#walk.places.nameOf({ kind: 'output', type: 'Patient' }, this.#walk.n * mostFilesOfPart + number)
  }

  async #close(continuesIn?: string): Promise<void> {
    const file = this.#file
    if (!file) return
    const storedBytes = await file.finish()
    this.#file = undefined
    const { stored, lines, bytes } = file
    this.#made.push({
      ...{ kind: 'output', type: 'Patient', name: this.#nameOf(this.#fileNumber()), stored, lines, bytes, storedBytes },
      ...(this.#walk.exported.shape.isGzipped && { encoding: 'gzip' }),
      ...(continuesIn !== undefined && { continuesIn }),
    })
  }

  async finish(): Promise<readonly NewFile[]> {
    await this.#close()
    return this.#made
  }

  async abort(): Promise<void> {
    await this.#file?.abort()
  }
}

/** The Patient is the first of its block; of one who is not there the first line tells the id, among those that it names. */
function headerOf(first: Buffer, practice: number, patient: bigint): Buffer {
  const text = first.toString()
  const named = text.matchAll(/(?:[/"]Patient\/|"id"\s*:\s*")([A-Za-z0-9.-]{1,64})"/g)
  const ids = [...new Set(named.map(([, id = '']) => id))]
  const id = ids[patientKeys(practice, ids).indexOf(String(patient))]
  // what says of nobody whose it is stands together, too
  const valueReference = id === undefined ? { display: 'Patient unknown' } : { reference: `Patient/${id}` }
  const parameter = [{ name: 'header', valueReference }]
  return Buffer.from(JSON.stringify({ resourceType: 'Parameters', parameter }))
}
