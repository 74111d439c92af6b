/** INSERT of many rows in one statement: an array for each column, which `unnest` makes rows of. */
import { ArrayValues } from './array-values.ts'
import type { ColumnType, Filling, RowValues } from './row-values.ts'
import { join, name, type Sql, sql } from './sql.ts'

/** Lists of a row stand in one long array behind each other; where the row's own begins and ends stands beside. */
interface Lists {
  readonly items: ArrayValues
  readonly firsts: ArrayValues
  readonly lasts: ArrayValues
  count: number
}

type Column = { readonly name: string; readonly type: ColumnType } & (
  | { readonly values: ArrayValues; readonly lists?: undefined }
  | { readonly lists: Lists; readonly values?: undefined }
)

export class UnnestRows implements RowValues {
  readonly #table: string
  readonly #columns: readonly Column[]
  #next = 0
  rows = 0

  constructor({ table, columns }: Filling) {
    this.#table = table
    this.#columns = Object.entries(columns).map(([column, type]) => columnOf(column, type))
  }

  row(): this {
    this.#next = 0
    this.rows++
    return this
  }

  null(): this {
    this.#values().null()
    return this
  }

  int2(value: number): this {
    this.#values().int2(value)
    return this
  }

  int4(value: number): this {
    this.#values().int4(value)
    return this
  }

  int8(value: number): this {
    this.#values().int8(value)
    return this
  }

  pair(high: number, low: number): this {
    this.#values().pair(high, low)
    return this
  }

  float8(value: number): this {
    this.#values().float8(value)
    return this
  }

  text(value: string): this {
    this.#values().text(value)
    return this
  }

  bits(value: Uint8Array): this {
    this.#values().bits(value)
    return this
  }

  pairs(halves: readonly number[]): this {
    const { lists } = this.#column()
    if (!lists) throw new TypeError('This column holds no lists')
    lists.firsts.int4(lists.count + 1)
    for (let i = 0; i < halves.length; i += 2) lists.items.pair(halves[i] ?? 0, halves[i + 1] ?? 0)
    lists.count += halves.length / 2
    lists.lasts.int4(lists.count)
    return this
  }

  /** The statement that inserts the rows; nothing may be added afterwards. */
  insert(): Sql {
    const columns = this.#columns.map((column) => piecesOf(column, this.rows))
    const names = join(
      columns.map((column) => column.name),
      ', ',
    )
    const taken = join(
      columns.map((column) => column.taken),
      ', ',
    )
    const arrays = columns.flatMap((column) => column.arrays)
    return sql`insert into ${name(this.#table)} (${names}) select ${taken} from unnest(${join(arrays, ', ')}) as new (${join(
      columns.flatMap((column) => column.unnested),
      ', ',
    )})`
  }

  #column(): Column {
    const column = this.#columns[this.#next++]
    if (!column) throw new TypeError('A row has more values than columns')
    return column
  }

  #values(): ArrayValues {
    const { values } = this.#column()
    if (!values) throw new TypeError('This column holds lists')
    return values
  }
}

function columnOf(column: string, type: ColumnType): Column {
  if (type !== 'int8[]') return { name: column, type, values: new ArrayValues(type) }
  const lists = {
    items: new ArrayValues('int8'),
    firsts: new ArrayValues('int4'),
    lasts: new ArrayValues('int4'),
    count: 0,
  }
  return { name: column, type, lists }
}

interface Pieces {
  readonly name: Sql
  /** What is selected for the column. */
  readonly taken: Sql
  readonly arrays: readonly Sql[]
  readonly unnested: readonly Sql[]
}

function piecesOf({ name: column, type, values, lists }: Column, rows: number): Pieces {
  const own = name(column)
  if (values) return { name: own, taken: own, arrays: [arrayOf(values, type, rows)], unnested: [own] }
  const [first, last] = [name(`${column}_first`), name(`${column}_last`)]
  return {
    name: own,
    taken: sql`(${arrayOf(lists.items, 'int8', lists.count)})[${first}:${last}]`,
    arrays: [arrayOf(lists.firsts, 'int4', rows), arrayOf(lists.lasts, 'int4', rows)],
    unnested: [first, last],
  }
}

function arrayOf(values: ArrayValues, type: string, count: number): Sql {
  return sql`${values.finish(count)}::${name(type)}[]`
}
