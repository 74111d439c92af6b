/**
 * COPY … FROM STDIN (FORMAT binary): rows are written into one growing buffer, field by field.
 * https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4
 */
import { once } from 'node:events'
import { from } from 'pg-copy-streams'
import { BinaryValues } from './binary-values.ts'
import type { Transaction } from './database.ts'
import { translate } from './failures.ts'
import type { Filling } from './row-values.ts'

const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

export class CopyRows extends BinaryValues {
  readonly into: Filling
  readonly #fields: number
  rows = 0

  constructor(into: Filling) {
    super(1 << 16)
    this.into = into
    this.#fields = Object.keys(into.columns).length
    this.at = header.copy(this.buffer)
  }

  row(): this {
    this.room(2)
    this.at = this.buffer.writeInt16BE(this.#fields, this.at)
    this.rows++
    return this
  }

  /** Everything written, with the end mark; nothing may be added afterwards. */
  finish(): Buffer {
    this.room(2)
    this.at = this.buffer.writeInt16BE(-1, this.at)
    return this.buffer.subarray(0, this.at)
  }
}

export async function copyIn(transaction: Transaction, rows: CopyRows): Promise<void> {
  if (rows.rows === 0) return
  const { table, columns } = rows.into
  const statement = `copy ${table} (${Object.keys(columns).join(', ')}) from stdin (format binary)`
  transaction.onStatement(statement, [], false)
  const stream = transaction.client.query(from(statement))
  const done = once(stream, 'finish')
  stream.end(rows.finish())
  await done.catch((error: unknown) => {
    throw translate(error)
  })
}
