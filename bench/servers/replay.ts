/**
 * Floor: a bare route that runs the statements of a request that charthouse ran, with the same values, and puts the bodies
 * that come into a Bundle of the same length. `node replay.ts DATABASE_URL FILE`
 */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import pg from 'pg'
import type { Captured } from '../capture.ts'
import { listen } from './listen.ts'

const [, , url = '', file = ''] = process.argv
const captured = JSON.parse(readFileSync(file, 'utf8')) as Captured[]
const pool = new pg.Pool({ connectionString: url, max: 4 })
const names = new Map<string, string>()

async function bodiesOf({ text, values, isPrepared }: Captured['statements'][number]): Promise<string[]> {
  const name = names.get(text) ?? `s${names.size}`
  names.set(text, name)
  const statement = { text, values: [...values], rowMode: 'array' as const, ...(isPrepared && { name }) }
  const { rows, fields } = await pool.query<unknown[]>(statement)
  const at = fields.findIndex((field) => field.name === 'body')
  return at < 0 ? [] : rows.map((row) => row[at] as string)
}

const head = '{"resourceType":"Bundle","entry":['
const paddings: string[] = []
const server = Fastify()
server.get<{ Params: { number: string } }>('/replay/:number', async (request, reply) => {
  const number = Number(request.params.number)
  const { statements, bytes } = captured[number] as Captured
  let bodies: string[] = []
  for (const statement of statements) bodies = [...bodies, ...(await bodiesOf(statement))]
  const bundle = `${head}${bodies.join(',')}]}`
  // What the Bundle of charthouse has besides the bodies; the same each time.
  paddings[number] ??= ' '.repeat(Math.max(0, bytes - Buffer.byteLength(bundle)))
  return reply.type('application/fhir+json; charset=utf-8').send(bundle + paddings[number])
})
await listen(server)
