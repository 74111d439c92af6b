/** Floor: a route of Fastify that answers the text of a file. `node static.ts FILE` */
import { readFileSync } from 'node:fs'
import Fastify from 'fastify'
import { listen } from './listen.ts'

const text = readFileSync(process.argv[2] ?? '', 'utf8')
const server = Fastify()
server.get('/static', (_request, reply) => reply.type('application/fhir+json; charset=utf-8').send(text))
await listen(server)
