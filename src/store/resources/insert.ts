/** Puts new current rows and their index into the tables, by one binary COPY a table. */
import { CopyRows, copyIn, type Transaction } from '#db'
import { typeCode } from '#fhir'
import { type IndexRows, noDate } from '../index/rows.ts'

export interface NewRow {
  readonly type: string
  readonly id: string
  readonly rid: number
  readonly key: readonly [high: number, low: number]
  readonly version: number
  readonly body: string
  readonly index: IndexRows
}

export async function insertRows(
  transaction: Transaction,
  practice: number,
  stamp: number,
  rows: readonly NewRow[],
): Promise<void> {
  const resources = new CopyRows()
  for (const row of rows) addResource(resources, practice, stamp, row)
  await copyIn(
    transaction,
    'resource (practice, rid, key, patient, dt, dt_end, upd, ver, rtype, id, present, toks, body)',
    resources,
  )
  await insertIndex(transaction, practice, rows)
}

/** The side tables alone. */
export async function insertIndex(
  transaction: Transaction,
  practice: number,
  rows: readonly Pick<NewRow, 'rid' | 'index'>[],
): Promise<void> {
  const index = { tokens: new CopyRows(), strings: new CopyRows(), numbers: new CopyRows(), dates: new CopyRows() }
  for (const row of rows) addIndex(index, practice, row)
  await copyIn(transaction, 'index_token (practice, tok, dt, rid)', index.tokens)
  await copyIn(transaction, 'index_string (practice, src, rid, val)', index.strings)
  await copyIn(transaction, 'index_number (practice, src, rid, low, high, unit, part)', index.numbers)
  await copyIn(transaction, 'index_date (practice, src, rid, low, high, part)', index.dates)
}

function addResource(
  copy: CopyRows,
  practice: number,
  stamp: number,
  { type, id, rid, key, version, body, index }: NewRow,
) {
  copy.row(13).int4(practice).int8(rid).pair(key[0], key[1])
  if (index.patient) copy.pair(index.patient[0], index.patient[1])
  else copy.null()
  addMainDate(copy, index)
  if (index.low === undefined || index.high === index.low + 1000) copy.null()
  else copy.int8(index.high)
  copy.int8(stamp).int4(version).int2(typeCode(type)).text(id).bits(index.present).pairs(index.tokens).text(body)
}

function addMainDate(copy: CopyRows, { low }: IndexRows) {
  if (low === undefined) copy.pair(noDate, 0)
  else copy.int8(low)
}

function addIndex(
  copies: { tokens: CopyRows; strings: CopyRows; numbers: CopyRows; dates: CopyRows },
  practice: number,
  { rid, index }: Pick<NewRow, 'rid' | 'index'>,
) {
  for (let i = 0; i < index.ordered.length; i += 2) {
    copies.tokens
      .row(4)
      .int4(practice)
      .pair(index.ordered[i] ?? 0, index.ordered[i + 1] ?? 0)
    addMainDate(copies.tokens, index)
    copies.tokens.int8(rid)
  }
  for (const { source, text } of index.strings) copies.strings.row(4).int4(practice).int4(source).int8(rid).text(text)
  for (const { source, low, high, unit, part } of index.numbers) {
    const copy = copies.numbers.row(7).int4(practice).int4(source).int8(rid).float8(low)
    if (high === undefined) copy.null()
    else copy.float8(high)
    if (unit === undefined) copy.null()
    else copy.int4(unit)
    addPart(copy, part)
  }
  for (const { source, low, high, part } of index.dates) {
    addPart(copies.dates.row(6).int4(practice).int4(source).int8(rid).int8(low).int8(high), part)
  }
}

function addPart(copy: CopyRows, part: readonly [high: number, low: number] | undefined) {
  if (part) copy.pair(part[0], part[1])
  else copy.null()
}
