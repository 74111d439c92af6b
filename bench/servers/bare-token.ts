/**
 * Floor of tokens: a bare route that verifies the signature of an ES384 assertion and inserts one row, as a token is
 * stored. `node bare-token.ts DATABASE_URL JWK`
 */
import { randomBytes } from 'node:crypto'
import Fastify from 'fastify'
import { importJWK, type JWK, jwtVerify } from 'jose'
import pg from 'pg'
import { listen } from './listen.ts'

const ownPractice = 1_000_000_001

const [, , url = '', jwk = '{}'] = process.argv
const key = await importJWK(JSON.parse(jwk) as JWK, 'ES384')
const pool = new pg.Pool({ connectionString: url, max: 4 })
const server = Fastify()
server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
  done(null, body),
)
server.post('/token', async (request, reply) => {
  const form = new URLSearchParams(request.body as string)
  await jwtVerify(form.get('client_assertion') ?? '', key, { algorithms: ['ES384'] })
  const token = randomBytes(32).toString('base64url')
  await pool.query({
    name: 'insert',
    text: `insert into as_access (practice, hash, client, scope, context, iat, exp)
      values ($1, $2, $3, $4, '{}', now(), now() + interval '300 s')`,
    values: [ownPractice, token, 'client', form.get('scope')],
  })
  return reply.send({ access_token: token, token_type: 'Bearer', expires_in: 300, scope: form.get('scope') })
})
await listen(server)
