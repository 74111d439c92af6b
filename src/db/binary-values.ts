/**
 * Values as PostgreSQL reads them in binary, one behind the other with their lengths, in one growing buffer: the fields of
 * COPY's rows and the elements of arrays. https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES
 */
export class BinaryValues {
  protected buffer: Buffer
  protected at = 0

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafe(bytes)
  }

  null(): this {
    this.room(4)
    this.at = this.buffer.writeInt32BE(-1, this.at)
    return this
  }

  boolean(value: boolean): this {
    this.room(5)
    this.at = this.buffer.writeInt32BE(1, this.at)
    this.at = this.buffer.writeUInt8(value ? 1 : 0, this.at)
    return this
  }

  int2(value: number): this {
    this.room(6)
    this.at = this.buffer.writeInt32BE(2, this.at)
    this.at = this.buffer.writeInt16BE(value, this.at)
    return this
  }

  int4(value: number): this {
    this.room(8)
    this.at = this.buffer.writeInt32BE(4, this.at)
    this.at = this.buffer.writeInt32BE(value, this.at)
    return this
  }

  /** A whole number that a double holds exactly. */
  int8(value: number): this {
    return this.pair(Math.floor(value / 0x1_0000_0000), value | 0)
  }

  /** An int8 by its two halves. */
  pair(high: number, low: number): this {
    this.room(12)
    this.at = this.buffer.writeInt32BE(8, this.at)
    this.at = this.buffer.writeInt32BE(high | 0, this.at)
    this.at = this.buffer.writeInt32BE(low | 0, this.at)
    return this
  }

  float8(value: number): this {
    this.room(12)
    this.at = this.buffer.writeInt32BE(8, this.at)
    this.at = this.buffer.writeDoubleBE(value, this.at)
    return this
  }

  /** An int8[] from halves: high, low, high, low … */
  pairs(halves: readonly number[]): this {
    const count = halves.length / 2
    this.room(4 + 20 + count * 12)
    const empty = count === 0
    this.at = this.buffer.writeInt32BE(empty ? 12 : 20 + count * 12, this.at)
    this.at = this.buffer.writeInt32BE(empty ? 0 : 1, this.at)
    this.at = this.buffer.writeInt32BE(0, this.at)
    this.at = this.buffer.writeInt32BE(20, this.at) // the type's oid
    if (empty) return this
    this.at = this.buffer.writeInt32BE(count, this.at)
    this.at = this.buffer.writeInt32BE(1, this.at)
    for (let i = 0; i < halves.length; i += 2) {
      this.at = this.buffer.writeInt32BE(8, this.at)
      this.at = this.buffer.writeInt32BE((halves[i] ?? 0) | 0, this.at)
      this.at = this.buffer.writeInt32BE((halves[i + 1] ?? 0) | 0, this.at)
    }
    return this
  }

  text(value: string): this {
    this.room(4 + value.length * 3)
    const length = this.buffer.write(value, this.at + 4)
    this.buffer.writeInt32BE(length, this.at)
    this.at += 4 + length
    return this
  }

  bytes(value: Uint8Array): this {
    this.room(4 + value.length)
    this.at = this.buffer.writeInt32BE(value.length, this.at)
    this.buffer.set(value, this.at)
    this.at += value.length
    return this
  }

  /** A bit varying of whole bytes. */
  bits(value: Uint8Array): this {
    this.room(8 + value.length)
    this.at = this.buffer.writeInt32BE(4 + value.length, this.at)
    this.at = this.buffer.writeInt32BE(value.length * 8, this.at)
    this.buffer.set(value, this.at)
    this.at += value.length
    return this
  }

  protected room(bytes: number) {
    if (this.at + bytes <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes))
    this.buffer.copy(larger, 0, 0, this.at)
    this.buffer = larger
  }
}
