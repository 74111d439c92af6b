import assert from 'node:assert/strict'
import { test } from 'node:test'
import { serverOf } from '../../src/app.ts'
import { testApp } from '../support/test-app.ts'

/** S-20 (specs/security.md 1.2): what answers without a token. Adding to it is a decision. */
const openRoutes = [
  'GET /:practice/fhir/r4/metadata',
  'GET /:practice/fhir/r4/.well-known/smart-configuration',
  'GET /:practice/fhir/r4/.well-known/smart-configuration.json',
  'GET /:practice/.well-known/openid-configuration',
  'GET /:practice/auth/jwks',
  'GET /:practice/brands',
  'GET /:practice/auth/style.json',
  // of these a stranger sees the form to sign in, once the app was proven
  'GET /:practice/auth/authorize',
  'POST /:practice/auth/authorize',
  // bound to a pending request
  'GET /:practice/auth/continue',
  'POST /:practice/auth/continue',
  // pages: of these a stranger sees the form to sign in, and is led there
  'GET /:practice/auth/sign-in',
  'POST /:practice/auth/sign-in',
  'GET /:practice/auth/manage',
  'POST /:practice/auth/manage',
  'GET /:practice/auth/sign-out',
  'POST /:practice/auth/sign-out',
  // a page that anybody may see, and what it loads: it reads records by the API, as its user
  'GET /:practice/sample-app',
  'GET /:practice/sample-app/main.js',
  'GET /:practice/sample-app/sign-in.js',
  'GET /:practice/sample-app/read-chart.js',
  'GET /:practice/sample-app/show-chart.js',
  'GET /:practice/sample-app/line-chart.js',
  'GET /:practice/sample-app/vital-signs.js',
  'GET /:practice/sample-app/elements.js',
  'GET /:practice/sample-app/style.css',
  'GET /.well-known/security.txt',
  'GET /healthz',
  'GET /readyz',
  // the preflight of a browser: https://fetch.spec.whatwg.org/#cors-preflight-fetch
  'OPTIONS *',
]

/** Bases that some dialect has are the standard one by another name. */
function isOpen(method: string, url: string): boolean {
  const standard = url.replace(
    /^\/:practice\/.*(\/metadata|\/\.well-known\/smart-configuration.*)$/,
    '/:practice/fhir/r4$1',
  )
  return openRoutes.includes(`${method === 'HEAD' ? 'GET' : method} ${method === 'OPTIONS' ? '*' : standard}`)
}

/** Method and address of every route, as Fastify's own table has them. */
function routesOf(printed: string): (readonly [method: string, url: string])[] {
  const paths: string[] = []
  return printed.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods] = /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (part === '') return []
    const depth = indent.length / 4
    paths.splice(depth)
    paths[depth] = part
    return methods ? methods.split(', ').map((method) => [method, paths.join('')] as const) : []
  })
}

test('S-20: of all routes of the server only those of the fixture answer a stranger', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  await app.load(practice, [{ resourceType: 'Patient', id: 'p1' }])
  const { server } = await serverOf(app.installation, undefined)
  try {
    await server.ready()
    const routes = routesOf(server.printRoutes({ commonPrefix: false }))
    const values: Readonly<Record<string, string>> = {
      practice: 'north',
      type: 'Patient',
      id: 'p1',
      target: 'Observation',
      version: '1',
      folder: 'north',
      name: 'Patient-1.ndjson',
      n: '1',
    }
    const seen = new Set<string>()
    assert.ok(routes.length > 50, 'the table of routes was read')
    for (const [method, url] of routes) {
      const path = url.replace(/:(\w+)/g, (_, name: string) => values[name] ?? `no-value-for-${name}`)
      assert.ok(!path.includes('no-value-for'), `a value is wanted for ${url}`)
      const { statusCode, body, headers } = await server.inject({ method: method as 'GET', url: path })
      const known = url.replace(/style-[0-9a-f]+/, 'style') // its hash is in its name
      seen.add(`${method} ${known}`)
      if (isOpen(method, known)) continue
      const isOfFhir = url.includes('/fhir') && !/token|well-known/.test(url)
      // an app authenticates inside these: nothing but a refusal comes without
      const refusals = isOfFhir ? [401, 404, 405] : [400, 401, 404, 405]
      assert.ok(refusals.includes(statusCode), `${method} ${url} answers a stranger ${statusCode}`)
      if (method === 'HEAD' || String(headers['content-type']).startsWith('text/html')) continue
      if (isOfFhir) assert.equal(JSON.parse(body).resourceType, 'OperationOutcome', `${method} ${url}`)
      else assert.ok(JSON.parse(body).error ?? JSON.parse(body).resourceType, `${method} ${url}`)
    }
    for (const open of openRoutes.filter((route) => !route.endsWith('*')))
      assert.ok(seen.has(open), `${open} is not a route`)
    const read = await server.inject({ method: 'GET', url: '/north/fhir/r4/Patient/p1' })
    assert.equal(read.statusCode, 401)
  } finally {
    await server.close()
  }
})

test('a stranger is told the same of what is there and what is not', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  await app.load(practice, [{ resourceType: 'Patient', id: 'p1' }])
  const [there, absent] = [await app.get(practice, 'Patient/p1'), await app.get(practice, 'Patient/p2')]
  const plain = (text: string) => text.replace(/Request [\w.-]+/g, 'REQUEST')
  assert.equal(plain(there.text), plain(absent.text))
  for (const path of [
    'Patient?name=x',
    'Patient?nonsense=1',
    'Patient/_history',
    '$nonsense',
    'Nonsense',
    'Patient/__',
    '?_page=x',
  ]) {
    assert.equal((await app.get(practice, path)).status, 401, path)
  }
})
