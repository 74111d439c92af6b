import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { Registry } from 'prom-client'
import { dialects } from '#dialects'
import { Problem } from '#lib'
import { type Answer, buildServer, type Call, type Practice, type Route } from './index.ts'

const clinic: Practice = {
  number: 1,
  id: 'clinic',
  name: 'Clinic',
  root: 'http://here/clinic',
  dialect: dialects.standard,
  timeZone: 'UTC',
  handling: 'strict',
  refuseWeakPatientSearch: false,
  revision: '1',
}
const house: Practice = { ...clinic, number: 2, id: 'house', root: 'https://house.example', dialect: dialects.integra }
const medical: Practice = { ...clinic, number: 3, id: 'medical', root: 'http://here/medical', dialect: dialects.mof }
const practices = [clinic, house, medical]

const principal = { practice: 1, client: 'app', patients: [], scopes: 'system/*.rs', requestId: '' }

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: '/metadata',
    interaction: 'capabilities',
    isOpen: true,
    answer: (call) => ({ body: told(call) }),
  },
  { method: 'GET', path: '/', interaction: 'search-system', answer: (call) => ({ body: told(call) }) },
  { method: 'GET', path: '/$versions', interaction: 'versions', answer: (call) => ({ body: told(call) }) },
  { method: 'GET', path: '/:type', interaction: 'search-type', answer: (call) => ({ body: told(call) }) },
  { method: 'POST', path: '/:type/_search', interaction: 'search-type', answer: (call) => ({ body: told(call) }) },
  { method: 'GET', path: '/:type/:id', interaction: 'read', answer },
]

function told({ base, parameters, path }: Call): string {
  return JSON.stringify({ base, parameters, path })
}

function answer({ path }: Call): Answer {
  const { id = '' } = path
  if (id === 'gone') throw new Problem('gone', 'Patient/gone was deleted')
  if (id === 'bug') throw new Error('secret inside')
  const body = id === 'long' ? JSON.stringify({ text: 'x'.repeat(5000) }) : `{"id":"${id}","value":1.50,"none":[]}`
  return { body, version: '3', updated: Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1000 }
}

async function server(lines: string[] = [], isHttps = false) {
  return buildServer({
    practices: {
      named: (id) => (id === 'late' ? Promise.resolve(clinic) : practices.find((practice) => practice.id === id)),
      atHost: (host) => practices.find((practice) => practice.root === `https://${host}`),
    },
    authenticate: async (_practice, token, requestId) => {
      if (token === 'staff') return { ...principal, requestId, user: 'Practitioner/1', role: 'clinician' }
      if (token === 'good') return { ...principal, requestId }
      throw new Problem('unauthenticated', token ? 'The access token is not known' : 'An access token is needed')
    },
    routes,
    fhirPaths: ['/integra/fhir/r4', '/integra/fhir/r4/us-core', '/fhir', '/open'],
    checkReady: async () => undefined,
    registry: new Registry(),
    log: { write: (line) => void lines.push(line) },
    prefix: '/below',
    isHttps,
    bodyLimitBytes: 100,
    formLimitBytes: 100,
    securityContact: 'mailto:security@here',
  })
}

const authorization = 'Bearer good'
const read = '/clinic/fhir/r4/Patient/1'

// biome-ignore format: a table
for (const [what, request, status, part] of [
  ['waits for a practice that must be looked up', { url: '/late/fhir/r4/Patient/1' }, 200, '"id":"1"'],
  ['tells a base inside another', { url: '/house/integra/fhir/r4/us-core/Patient' }, 200, '"base":"https://house.example/integra/fhir/r4/us-core","parameters":[],"path":{"practice":"house","type":"Patient"}'],
  ['answers a read', { url: read }, 200, '"id":"1"'],
  ['knows $ as %24', { url: '/clinic/fhir/r4/%24versions' }, 200, '"base"'],
  ['ignores a final slash', { url: '/clinic/fhir/r4/Patient/' }, 200, '"type":"Patient"'],
  ['answers below the path of the whole server', { url: `/below${read}` }, 200, '"id":"1"'],
  ['answers at a host of the practice', { url: '/fhir/r4/Patient', headers: { host: 'house.example:443', authorization } }, 200, '"base":"https://house.example/fhir/r4"'],
  ['answers at a base of the dialect', { url: '/house/integra/fhir/r4/Patient' }, 200, '"base":"https://house.example/integra/fhir/r4"'],
  ['has no base of another dialect', { url: '/clinic/integra/fhir/r4/Patient' }, 404, 'the FHIR base of this practice is http://here/clinic/fhir/r4'],
  ['takes the dialect\'s token header', { url: '/house/fhir/r4/Patient', headers: { 'x-auth-token': 'good' } }, 200, '"base"'],
  ['knows no other practice', { url: '/nobody/fhir/r4/Patient' }, 404, 'no practice has this name'],
  ['refuses a stranger', { url: read, headers: {} }, 401, 'An access token is needed'],
  ['refuses a stranger before all else', { url: '/clinic/fhir/r4/Patient/gone', headers: {} }, 401, 'An access token is needed'],
  ['refuses an unknown token', { url: read, headers: { authorization: 'Bearer bad' } }, 401, 'is not known'],
  ['refuses another scheme', { url: read, headers: { authorization: 'Basic Zm9v' } }, 401, 'cannot be read'],
  ['refuses a token in the URL', { url: `${read}?access_token=good` }, 400, 'A token cannot be given'],
  ['tells a Problem', { url: '/clinic/fhir/r4/Patient/gone' }, 410, 'was deleted'],
  ['hides a fault', { url: '/clinic/fhir/r4/Patient/bug' }, 500, 'The server failed'],
  ['refuses broken escapes in the path', { url: '/clinic/fhir/r4/Patient/%zz' }, 400, 'The address cannot be read'],
  ['refuses broken escapes in the query', { url: '/clinic/fhir/r4/Patient?name=%E4' }, 400, 'The parameters cannot be read'],
  ['refuses NUL', { url: '/clinic/fhir/r4/Patient?name=%00' }, 400, 'NUL'],
  ['refuses what is too long for an id', { url: `/clinic/fhir/r4/Patient/${'x'.repeat(300)}` }, 404, 'too long'],
  ['refuses an unknown address', { url: '/nowhere/at/all' }, 404, 'nothing answers'],
  ['refuses a method', { url: read, method: 'DELETE' }, 405, 'it answers to GET, HEAD'],
  ['refuses a method before reading its body', { url: read, method: 'PUT', payload: 'x'.repeat(1000), headers: { 'content-type': 'text/csv' } }, 405, 'it answers to GET, HEAD'],
  ['refuses XML', { url: `${read}?_format=xml` }, 406, 'application/fhir+json'],
  ['reads a form', { url: '/clinic/fhir/r4/Patient/_search?a=1', method: 'POST', payload: 'name=J%C3%B6rg+M', headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' } }, 200, '[["a","1"],["name","Jörg M"]]'],
  ['refuses a large form', { url: '/clinic/fhir/r4/Patient/_search', method: 'POST', payload: 'x'.repeat(101), headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' } }, 413, 'larger than'],
  ['refuses a body of another type', { url: '/clinic/fhir/r4/Patient/_search', method: 'POST', payload: 'a', headers: { authorization, 'content-type': 'text/csv' } }, 415, 'Content-Type'],
  ['refuses deep JSON', { url: '/clinic/fhir/r4/Patient/_search', method: 'POST', payload: '['.repeat(65), headers: { authorization, 'content-type': 'application/fhir+json' } }, 400, 'nested too deep'],
  ['needs no token on open routes', { url: '/clinic/fhir/r4/metadata', headers: { authorization: 'Bearer bad' } }, 200, '"base"'],
  ['writes for people', { url: `${read}?_pretty=true` }, 200, '{\n  "id": "1",\n  "value": 1.50,\n  "none": []\n}'],
  ['is alive', { url: '/healthz' }, 200, 'ok'],
  ['is ready', { url: '/readyz' }, 200, 'ready'],
  ['names its contact', { url: '/.well-known/security.txt' }, 200, 'Contact: mailto:security@here\nExpires: '],
] as const) {
  test(`the server ${what}`, async () => {
    await using app = await server()
    const response = await app.inject({ headers: { authorization }, ...request } as object)
    assert.equal(response.statusCode, status, response.body)
    assert.ok(response.body.includes(part), response.body)
    assert.ok(response.headers['x-request-id'])
    if (status >= 400) {
      const { resourceType, issue } = response.json()
      assert.equal(resourceType, 'OperationOutcome')
      assert.match(issue[0].diagnostics, new RegExp(String(response.headers['x-request-id'])))
      assert.doesNotMatch(response.body, /secret|fastify/i)
    }
  })
}

// biome-ignore format: a table
for (const [name, value, status] of [
  ['if-none-match', 'W/"3"', 304],
  ['if-none-match', '"2", "3"', 304],
  ['if-none-match', 'W/"2"', 200],
  ['if-modified-since', 'Fri, 02 Jan 2026 03:04:05 GMT', 304],
  ['if-modified-since', 'Fri, 02 Jan 2026 03:04:04 GMT', 200],
  ['if-modified-since', 'yesterday', 200],
] as const) {
  test(`a read with ${name}: ${value} answers ${status}`, async () => {
    await using app = await server()
    const response = await app.inject({ url: read, headers: { authorization, [name]: value } })
    assert.equal(response.statusCode, status)
    assert.equal(response.headers.etag, 'W/"3"')
    assert.equal(response.headers['last-modified'], 'Fri, 02 Jan 2026 03:04:05 GMT')
  })
}

test('401 names the error once a token was sent, 405 what is allowed', async () => {
  await using app = await server()
  const challenge = async (headers: Record<string, string>) =>
    (await app.inject({ url: read, headers })).headers['www-authenticate']
  assert.equal(await challenge({}), 'Bearer realm="http://here/clinic/fhir/r4"')
  assert.match(
    String(await challenge({ authorization: 'Bearer bad' })),
    /error="invalid_token", error_description="The access token/,
  )
  const refused = await app.inject({ method: 'PATCH', url: read })
  assert.equal(refused.headers.allow, 'GET, HEAD, OPTIONS')
})

const whatever = [
  { url: read, headers: { authorization } },
  { url: read },
  { url: '/clinic/fhir/r4/metadata' },
  { url: '/clinic/fhir/r4/Patient/gone', headers: { authorization } },
  { url: '/clinic/fhir/r4/Patient/%zz' },
  { url: read, method: 'DELETE' },
  { url: read, method: 'OPTIONS' },
  { url: '/healthz' },
  { url: '/nowhere' },
] as const

for (const isHttps of [true, false]) {
  test(`where BASE_URL is ${isHttps ? 'https every answer' : 'http no answer'} says so for a year`, async () => {
    await using app = await server([], isHttps)
    for (const request of whatever) {
      const { headers } = await app.inject(request)
      assert.equal(headers['strict-transport-security'], isHttps ? 'max-age=31536000' : undefined, request.url)
      assert.equal(headers['x-content-type-options'], 'nosniff', request.url)
    }
  })
}

test('HEAD answers what GET does without the body', async () => {
  await using app = await server()
  const response = await app.inject({ method: 'HEAD', url: read, headers: { authorization } })
  assert.deepEqual([response.statusCode, response.body, response.headers.etag], [200, '', 'W/"3"'])
})

test('a body is compressed for who accepts it and is long', async () => {
  await using app = await server()
  const encoding = async (url: string, accepted: string) =>
    (await app.inject({ url, headers: { authorization, 'accept-encoding': accepted } })).headers['content-encoding']
  assert.equal(await encoding('/clinic/fhir/r4/Patient/long', 'gzip, deflate, br'), 'br')
  assert.equal(await encoding('/clinic/fhir/r4/Patient/long', 'gzip'), 'gzip')
  assert.equal(await encoding(read, 'gzip'), undefined)
})

test('a page of any origin may call, and read our headers', async () => {
  await using app = await server()
  const asked = {
    origin: 'https://app.example',
    'access-control-request-method': 'GET',
    'access-control-request-headers': 'authorization',
  }
  const preflight = await app.inject({ method: 'OPTIONS', url: read, headers: asked })
  assert.equal(preflight.statusCode, 204)
  assert.equal(preflight.headers['access-control-allow-headers'], 'authorization')
  const response = await app.inject({ url: read, headers: { authorization, origin: 'https://app.example' } })
  assert.equal(response.headers['access-control-allow-origin'], 'https://app.example')
  assert.match(String(response.headers['access-control-expose-headers']), /ETag.*X-Request-Id/)
})

test('the log has a line for each request and each refusal, without what the client sent', async () => {
  const lines: string[] = []
  await using app = await server(lines)
  await app.inject({ url: '/clinic/fhir/r4/Patient?name=Miller', headers: { authorization } })
  const refused = await app.inject({ url: '/clinic/fhir/r4/Patient/bug?name=Miller', headers: { authorization } })
  const events = lines.map((line) => JSON.parse(line))
  assert.deepEqual(
    events.map(({ event, status, kind, client }) => [event, status, kind, client]),
    [
      ['request', 200, undefined, 'app'],
      ['fault', undefined, 'fault', 'app'],
      ['request', 500, 'fault', 'app'],
    ],
  )
  assert.match(events[1].stack, /secret inside/)
  assert.equal(events[2].request, refused.headers['x-request-id'])
  assert.doesNotMatch(lines.join(''), /Miller|good/)
})

for (const [what, text, status] of [
  ['what is not HTTP', 'HELLO\r\n\r\n', 400],
  ['headers that are too large', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 431],
  ['NUL in the address', 'GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n', 400],
] as const) {
  test(`the server answers ${what} with an OperationOutcome`, async () => {
    await using app = await server([], true)
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as { port: number }
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk
    })
    socket.on('error', () => undefined)
    await once(socket, 'close')
    assert.match(received, new RegExp(`^HTTP/1.1 ${status} `))
    assert.match(received, /"resourceType":"OperationOutcome"/)
    assert.match(received, /\r\nstrict-transport-security: max-age=31536000\r\n/)
  })
}

for (const [path, token, status] of [
  ['/fhir', 'staff', 200],
  ['/open', 'staff', 403],
  ['/fhir', 'good', 403],
  ['/fhir/r4', 'good', 200],
] as const) {
  test(`a base for some people only: ${path} answers ${status} to "${token}"`, async () => {
    await using app = await server()
    const response = await app.inject({ url: `/medical${path}/Patient`, headers: { authorization: `Bearer ${token}` } })
    assert.equal(response.statusCode, status, response.body)
  })
}
