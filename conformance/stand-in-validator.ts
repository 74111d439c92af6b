/**
 * A validator that accepts every resource, so that searches, reads, includes and must-support run without Java. A run
 * with it says nothing about profiles. The kit keeps session ids apart by suite, so each first request gets a new one.
 */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

export interface StandIn extends AsyncDisposable {
  readonly url: string
}

interface ValidationRequest {
  readonly sessionId?: string | null
  readonly filesToValidate: readonly { readonly fileName: string }[]
}

export async function startStandIn(): Promise<StandIn> {
  const server = createServer(async (request, reply) => {
    reply.setHeader('content-type', 'application/json')
    if (request.method === 'GET') return reply.end('{"validatorWrapperVersion":"1.0.84"}')
    const { sessionId, filesToValidate } = (await json(request)) as ValidationRequest
    const outcomes = filesToValidate.map(({ fileName }) => ({ fileInfo: { fileName }, issues: [] }))
    return reply.end(JSON.stringify({ outcomes, sessionId: sessionId ?? randomUUID() }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('A listening server has a port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}
