/** Floor: reading a row as one writes it first: Fastify, a pool of `pg`, a named statement. `node plain-read.ts DATABASE_URL PRACTICE` */
import Fastify from 'fastify'
import pg from 'pg'
import { listen } from './listen.ts'

const [, , url = '', practice = ''] = process.argv
const pool = new pg.Pool({ connectionString: url, max: 4 })
const server = Fastify()
server.get<{ Params: { key: string } }>('/read/:key', async (request, reply) => {
  const { rows } = await pool.query<{ body: string }>({
    name: 'read',
    text: 'select body from resource where practice = $1 and key = $2',
    values: [practice, request.params.key],
  })
  return reply.type('application/fhir+json; charset=utf-8').send(rows[0]?.body)
})
await listen(server)
