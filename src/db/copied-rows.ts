/**
 * What comes back of a COPY in binary format, as the bytes arrive: a message of type `d` for each row.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-COPYDATA
 */

/**
 * Told each row: its column `i` lies in `bytes` from fields[2 * i] to fields[2 * i + 1], which are -1 for null. Both are
 * overwritten afterwards. A promise holds the server back.
 */
export type OnCopied = (bytes: Buffer, fields: Int32Array) => void | Promise<void>

const messageHead = 5
/** Before the first row. https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4 */
const copyHead = 19

const copyData = 0x64
const copyOutResponse = 0x48
/** Notices and settings may come between rows. */
const passedOver: ReadonlySet<number | undefined> = new Set([copyOutResponse, 0x4e, 0x53])

export class CopiedRows {
  readonly #onRow: OnCopied
  readonly #fields = new Int32Array(32)
  #held: Buffer[] = []
  #heldLength = 0
  /** So many bytes are wanted before anything can be told. */
  #wanted = messageHead
  #isBegun = false
  #isStopped = false
  /** From here on it is for the driver: the rows have ended, or something went wrong. */
  rest: Buffer | undefined

  constructor(onRow: OnCopied) {
    this.#onRow = onRow
  }

  /** No further row is told, though some may be here. */
  stop() {
    this.#isStopped = true
  }

  /** The bytes may be overwritten once it has answered. */
  feed(chunk: Buffer): void | Promise<void> {
    if (this.#heldLength === 0) return this.#tell(chunk, 0)
    const missing = this.#wanted - this.#heldLength
    if (chunk.length < missing) {
      this.#hold(chunk)
      return
    }
    // only what was cut is put together: a copy of each chunk would be most of what the garbage collector has to do
    const message = Buffer.concat([...this.#held, chunk.subarray(0, missing)])
    this.#held = []
    this.#heldLength = 0
    const told = this.#tell(message, 0)
    const behind = chunk.subarray(missing)
    return told ? told.then(() => this.#goOn(behind)) : this.#goOn(behind)
  }

  #goOn(behind: Buffer): void | Promise<void> {
    if (this.rest) this.rest = Buffer.concat([this.rest, behind])
    else if (!this.#isStopped && behind.length > 0) return this.feed(behind)
  }

  #hold(bytes: Buffer) {
    this.#held.push(Buffer.from(bytes))
    this.#heldLength += bytes.length
  }

  #tell(bytes: Buffer, from: number): void | Promise<void> {
    for (let at = from; ; ) {
      const isWhole = bytes.length - at >= messageHead
      const end = isWhole ? at + 1 + bytes.readInt32BE(at + 1) : at + messageHead
      if (!isWhole || bytes.length < end) {
        this.#wanted = end - at
        if (at < bytes.length) this.#hold(bytes.subarray(at))
        return
      }
      const type = bytes[at]
      if (type === copyData) {
        const told = this.#row(bytes, at + messageHead, end)
        if (told) return told.then(() => (this.#isStopped ? undefined : this.#tell(bytes, end)))
      } else if (!passedOver.has(type)) {
        this.rest = Buffer.from(bytes.subarray(at))
        return
      }
      at = end
    }
  }

  #row(bytes: Buffer, start: number, end: number): void | Promise<void> {
    let at = this.#isBegun ? start : start + copyHead
    this.#isBegun = true
    if (at === end) return
    const count = bytes.readInt16BE(at)
    if (count === -1) return
    at += 2
    for (let i = 0; i < count; i++) {
      const length = bytes.readInt32BE(at)
      this.#fields[2 * i] = length < 0 ? -1 : at + 4
      at += 4 + Math.max(0, length)
      this.#fields[2 * i + 1] = length < 0 ? -1 : at
    }
    if (at !== end) throw new TypeError('a message of COPY is not one row')
    return this.#onRow(bytes, this.#fields)
  }
}
