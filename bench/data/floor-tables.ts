import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from, to } from 'pg-copy-streams'

/** Tables that an import fills: rows of resources and of their index. */
export async function filledTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'
      and (relname in ('resource', 'resource_history', 'unit', 'token_text', 'group_member') or relname like 'index\\_%')
    order by relname`)
  const filled: string[] = []
  for (const { name } of rows) {
    if ((await client.query(`select 1 from ${name} limit 1`)).rowCount) filled.push(name)
  }
  return filled
}

/** Empty copies of the tables with the same columns, indexes and options, in the schema "floor". */
export async function makeFloorTables(client: pg.Client, tables: readonly string[]): Promise<void> {
  await client.query('drop schema if exists floor cascade')
  await client.query('create schema floor')
  for (const table of tables) await client.query(`create table floor.${table} (like public.${table} including all)`)
  const { rows: options } = await client.query<{ name: string; options: string }>(`
    select relname as name, array_to_string(reloptions, ', ') as options from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and reloptions is not null`)
  for (const { name, options: set } of options) {
    if (tables.includes(name)) await client.query(`alter table floor.${name} set (${set})`)
  }
  await client.query('checkpoint')
}

/** Seconds that COPY takes to put the rows of `tables` into their empty copies: one connection, one statement a table. */
export async function copySeconds(client: pg.Client, tables: readonly string[], folder: string): Promise<number> {
  await makeFloorTables(client, tables)
  const fileOf = (table: string) => join(folder, `${table}.copy`)
  for (const table of tables) {
    const rows = client.query(to(`copy public.${table} to stdout (format binary)`))
    await pipeline(rows, createWriteStream(fileOf(table)))
  }
  await client.query('checkpoint')
  const start = performance.now()
  for (const table of tables) {
    const rows = createReadStream(fileOf(table), { highWaterMark: 1 << 20 })
    await pipeline(rows, client.query(from(`copy floor.${table} from stdin (format binary)`)))
  }
  const seconds = (performance.now() - start) / 1000
  for (const table of tables) await rm(fileOf(table))
  return seconds
}
