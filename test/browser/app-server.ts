/** The server of an app at an origin of its own: pages with fhirclient in them, and a small backend with it, too. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import smart from 'fhirclient'
import type { Jwk } from '#platform'

const library = readFileSync(new URL(import.meta.resolve('fhirclient/build/fhir-client.min.js')))

/** What fhirclient is told; a page has it in its address. */
export interface AppOptions {
  readonly clientId: string
  readonly scope: string
  readonly iss?: string
  readonly clientSecret?: string
  readonly clientPrivateJwk?: Jwk
}

type AuthorizeOptions = Parameters<ReturnType<typeof smart>['authorize']>[0]

export interface AppServer extends AsyncDisposable {
  readonly origin: string
  /** Of the app whose secrets stay at its backend. */
  backend: AppOptions | undefined
}

/**
 * `/launch.html?clientId=…&scope=…[&iss=…]` begins in the browser and ends at `/app.html`; `/launch` and `/app` do the same by
 * the backend.
 */
export async function appServer(): Promise<AppServer> {
  const sessions = new Map<string, Map<string, unknown>>()
  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => send(response, 'text/plain', error.stack ?? error.message))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const app: AppServer = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    backend: undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  async function serve(request: IncomingMessage, response: ServerResponse) {
    const { pathname } = new URL(request.url ?? '', app.origin)
    if (pathname === '/fhir-client.js') return send(response, 'text/javascript', library)
    if (pathname === '/launch.html') return send(response, 'text/html', launchPage)
    if (pathname === '/app.html') return send(response, 'text/html', appPage)
    if (pathname === '/launch' && app.backend) {
      const { iss, ...options } = app.backend
      const given = smart(request, response, storageOf(request, response, sessions))
      return given.authorize({ ...options, ...(iss && { iss }), redirectUri: `${app.origin}/app` } as AuthorizeOptions)
    }
    if (pathname === '/app') return chart(request, response, sessions)
    return send(response, 'text/plain', 'nothing here', 404)
  }
  return app
}

async function chart(request: IncomingMessage, response: ServerResponse, sessions: Sessions) {
  const client = await smart(request, response, storageOf(request, response, sessions)).ready()
  const patient = await client.patient.read()
  return send(response, 'text/html', `<h1>${JSON.stringify(patient.name?.[0])}</h1>`)
}

type Sessions = Map<string, Map<string, unknown>>

/** What the backend keeps for a browser, found by a cookie. */
function storageOf(request: IncomingMessage, response: ServerResponse, sessions: Sessions) {
  const known = /app=(\d+)/.exec(request.headers.cookie ?? '')?.[1]
  const id = known ?? String(sessions.size)
  const kept = sessions.get(id) ?? new Map<string, unknown>()
  sessions.set(id, kept)
  if (!known) response.setHeader('set-cookie', `app=${id}`)
  return {
    get: async (key: string) => kept.get(key),
    set: async (key: string, value: unknown) => kept.set(key, value) && value,
    unset: async (key: string) => kept.delete(key),
  }
}

const head = '<!doctype html><title>App</title><script src="/fhir-client.js"></script>'
const launchPage = `${head}<script>
const given = Object.fromEntries(new URLSearchParams(location.search))
FHIR.oauth2.authorize({ ...given, redirectUri: location.origin + '/app.html' })
</script>`
const appPage = `${head}<h1>…</h1><script>
FHIR.oauth2.ready()
  .then(async (client) => {
    window.client = client
    const patient = await client.patient.read()
    document.querySelector('h1').textContent = JSON.stringify(patient.name[0])
  })
  .catch((error) => { document.querySelector('h1').textContent = 'refused: ' + error.message })
</script>`

function send(response: ServerResponse, type: string, body: string | Buffer, status = 200) {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(body)
}
