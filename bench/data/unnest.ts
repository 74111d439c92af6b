/** The floor of transactions: one unnest statement a table, the values ready as text, in the transactions that ours made. */
import type pg from 'pg'
import { filledTables, makeFloorTables } from './floor-tables.ts'

interface Column {
  readonly name: string
  readonly type: string
}

interface Insert {
  readonly name: string
  readonly text: string
  readonly values: readonly string[]
}

/**
 * Seconds that the same rows take; resources with the same change stamp were written in one transaction. `after`: only
 * those that were stamped later.
 */
export async function unnestSeconds(
  client: pg.Client,
  after = '-1',
): Promise<{ seconds: number; transactions: number }> {
  const tables = await filledTables(client)
  const transactions = new Map<string, Insert[]>()
  for (const table of tables) {
    for (const [stamp, insert] of await insertsOf(client, table, after)) {
      const inserts = transactions.get(stamp)
      if (inserts) inserts.push(insert)
      else transactions.set(stamp, [insert])
    }
  }
  await makeFloorTables(client, tables)
  const start = performance.now()
  for (const inserts of transactions.values()) {
    await client.query('begin')
    for (const { name, text, values } of inserts) await client.query({ name, text, values: [...values] })
    await client.query('commit')
  }
  return { seconds: (performance.now() - start) / 1000, transactions: transactions.size }
}

async function insertsOf(client: pg.Client, table: string, after: string): Promise<[stamp: string, insert: Insert][]> {
  const { rows: columns } = await client.query<Column>(
    `select attname as name, format_type(atttypid, atttypmod) as type
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [`public.${table}`],
  )
  const names = columns.map(({ name }) => name)
  const literals = columns.map(({ name, type }) => `array_agg(${isArray(type) ? `${name}::text` : name})::text`)
  const { rows } = await client.query<string[]>({
    text: `select stamp::text, ${literals.join(', ')} from (${stamped(table, names)}) rows
      where stamp > $1::int8 group by stamp order by stamp`,
    values: [after],
    rowMode: 'array',
  })
  const text = `insert into floor.${table} (${names.join(', ')})
    select ${columns.map(({ name, type }) => (isArray(type) ? `${name}::${type}` : name)).join(', ')}
    from unnest(${columns.map(({ type }, i) => `$${i + 1}::${isArray(type) ? 'text' : type}[]`).join(', ')}) as rows (${names.join(', ')})`
  return rows.map(([stamp = '', ...values]) => [stamp, { name: `into_${table}`, text, values }])
}

const isArray = (type: string) => type.endsWith('[]')

/** The table's rows with the stamp of their resource; what belongs to none goes first. */
function stamped(table: string, names: readonly string[]): string {
  if (names.includes('upd')) return `select upd as stamp, * from ${table}`
  if (names.includes('rid')) {
    return `select resource.upd as stamp, ${table}.* from ${table} join resource using (practice, rid)`
  }
  return `select 0 as stamp, * from ${table}`
}
