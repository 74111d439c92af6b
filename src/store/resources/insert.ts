/** Puts new current rows and their index into the tables. */
import { CopyRows, copyIn, type Filling, type RowValues, type Sql, type Transaction, UnnestRows } from '#db'
import { typeCode } from '#fhir'
import { type IndexRows, noDate } from '../index/rows.ts'

export interface NewRow {
  readonly type: string
  readonly id: string
  readonly rid: number
  readonly key: readonly [high: number, low: number]
  readonly version: number
  readonly body: string
  /** See index/mark.ts. */
  readonly mark: number | undefined
  readonly index: IndexRows
  /** What of the index comes into the side tables. */
  readonly added: SideRows
}

export type SideRows = Readonly<Record<'ordered', readonly number[]>> & Pick<IndexRows, 'strings' | 'numbers' | 'dates'>

interface IndexedRow {
  readonly rid: number
  readonly index: Pick<IndexRows, 'low'>
  readonly added: SideRows
}

const resource = {
  table: 'resource',
  columns: {
    ...{ practice: 'int4', rid: 'int8', key: 'int8', patient: 'int8', dt: 'int8', dt_end: 'int8', upd: 'int8' },
    ...{ ver: 'int4', rtype: 'int2', id: 'text', present: 'varbit', toks: 'int8[]', body: 'text', mark: 'int2' },
  },
} as const satisfies Filling

const sideTables = {
  tokens: { table: 'index_token', columns: { practice: 'int4', tok: 'int8', dt: 'int8', rid: 'int8' } },
  strings: { table: 'index_string', columns: { practice: 'int4', src: 'int4', rid: 'int8', val: 'text' } },
  numbers: {
    table: 'index_number',
    columns: {
      ...{ practice: 'int4', src: 'int4', rid: 'int8', low: 'float8', high: 'float8', unit: 'int4', part: 'int8' },
    },
  },
  dates: {
    table: 'index_date',
    columns: { practice: 'int4', src: 'int4', rid: 'int8', low: 'int8', high: 'int8', part: 'int8' },
  },
} as const satisfies Record<string, Filling>

/** By one COPY a table: for many rows. */
export async function copyRows(
  transaction: Transaction,
  practice: number,
  stamp: number,
  rows: readonly NewRow[],
): Promise<void> {
  for (const copy of filled(CopyRows, practice, stamp, rows)) await copyIn(transaction, copy)
}

/** One INSERT a table, for rows that do not wait for each other's answers. */
export function insertsOf(practice: number, stamp: number, rows: readonly NewRow[]): Sql[] {
  return filled(UnnestRows, practice, stamp, rows).flatMap((each) => (each.rows === 0 ? [] : [each.insert()]))
}

/** The side tables alone. */
export async function copyIndex(
  transaction: Transaction,
  practice: number,
  rows: readonly IndexedRow[],
): Promise<void> {
  for (const copy of filledIndex(CopyRows, practice, rows)) await copyIn(transaction, copy)
}

function filled<Rows extends RowValues>(
  Kind: new (into: Filling) => Rows,
  practice: number,
  stamp: number,
  rows: readonly NewRow[],
): Rows[] {
  const resources = new Kind(resource)
  for (const row of rows) addResource(resources, practice, stamp, row)
  return [resources, ...filledIndex(Kind, practice, rows)]
}

function filledIndex<Rows extends RowValues>(
  Kind: new (into: Filling) => Rows,
  practice: number,
  rows: readonly IndexedRow[],
): Rows[] {
  const { tokens, strings, numbers, dates } = sideTables
  const tables = {
    tokens: new Kind(tokens),
    strings: new Kind(strings),
    numbers: new Kind(numbers),
    dates: new Kind(dates),
  }
  for (const row of rows) addIndex(tables, practice, row)
  return Object.values(tables)
}

function addResource(
  values: RowValues,
  practice: number,
  stamp: number,
  { type, id, rid, key, version, body, mark, index }: NewRow,
) {
  const { patient, low, high, present, tokens } = index
  values.row().int4(practice).int8(rid).pair(key[0], key[1])
  if (patient) values.pair(patient[0], patient[1])
  else values.null()
  addMainDate(values, low)
  if (low === undefined || high === low + 1000) values.null()
  else values.int8(high)
  values.int8(stamp).int4(version).int2(typeCode(type)).text(id).bits(present).pairs(tokens).text(body)
  if (mark === undefined) values.null()
  else values.int2(mark)
}

function addMainDate(values: RowValues, low: number | undefined) {
  if (low === undefined) values.pair(noDate, 0)
  else values.int8(low)
}

function addIndex(
  tables: Record<keyof typeof sideTables, RowValues>,
  practice: number,
  { rid, index: { low: mainDate }, added }: IndexedRow,
) {
  const { ordered, strings, numbers, dates } = added
  for (let i = 0; i < ordered.length; i += 2) {
    const values = tables.tokens.row().int4(practice)
    values.pair(ordered[i] ?? 0, ordered[i + 1] ?? 0)
    addMainDate(values, mainDate)
    values.int8(rid)
  }
  for (const { source, text } of strings) tables.strings.row().int4(practice).int4(source).int8(rid).text(text)
  for (const { source, low, high, unit, part } of numbers) {
    const values = tables.numbers.row().int4(practice).int4(source).int8(rid).float8(low)
    if (high === undefined) values.null()
    else values.float8(high)
    if (unit === undefined) values.null()
    else values.int4(unit)
    addPart(values, part)
  }
  for (const { source, low, high, part } of dates) {
    addPart(tables.dates.row().int4(practice).int4(source).int8(rid).int8(low).int8(high), part)
  }
}

function addPart(values: RowValues, part: readonly [high: number, low: number] | undefined) {
  if (part) values.pair(part[0], part[1])
  else values.null()
}
