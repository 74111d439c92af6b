/**
 * Arrays as parameters in binary: nothing is escaped, and PostgreSQL parses nothing. `unnest` makes rows of them.
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/arrayfuncs.c (array_recv)
 */
import { BinaryValues } from './binary-values.ts'

/** Numbers of the elements' types (pg_type.oid); the statement casts the parameter to the same array type. */
const typeNumbers = { bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, float8: 701, varbit: 1562 } as const

const headerBytes = 20

/** An array of one dimension. Call one method for each element. */
export class ArrayValues extends BinaryValues {
  readonly #type: keyof typeof typeNumbers

  constructor(type: keyof typeof typeNumbers) {
    super(1 << 10)
    this.#type = type
    this.at = headerBytes
  }

  /** With the number of its elements; nothing may be added afterwards. */
  finish(count: number): Buffer {
    this.buffer.writeInt32BE(count === 0 ? 0 : 1, 0) // dimensions
    this.buffer.writeInt32BE(1, 4) // there may be nulls
    this.buffer.writeInt32BE(typeNumbers[this.#type], 8)
    this.buffer.writeInt32BE(count, 12)
    this.buffer.writeInt32BE(1, 16) // the first element's index
    return this.buffer.subarray(0, count === 0 ? 12 : this.at)
  }
}
