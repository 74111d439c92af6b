/** Rows for a table, written field by field: for COPY (copy.ts), or for an INSERT of arrays (unnest.ts). */
import type { BinaryValues } from './binary-values.ts'

export type ColumnType = 'int2' | 'int4' | 'int8' | 'float8' | 'text' | 'varbit' | 'int8[]'

/** A table and the columns that are filled, in their order. */
export interface Filling {
  readonly table: string
  readonly columns: Readonly<Record<string, ColumnType>>
}

/** Call `row()` and then one method for each column. */
export type RowValues = { row(): RowValues } & {
  [Method in Exclude<keyof BinaryValues, 'boolean' | 'bytes'>]: (
    ...values: Parameters<BinaryValues[Method]>
  ) => RowValues
}
