import type { FastifyInstance } from 'fastify'
import { Problem } from '#lib'

export interface HealthOptions {
  readonly checkReady: () => Promise<void>
  readonly securityContact?: string
}

/** Whether the process lives, whether it can work, and where to tell of a weakness. */
export function healthRoutes(server: FastifyInstance, { checkReady, securityContact }: HealthOptions) {
  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async () => {
    await checkReady().catch((cause) => {
      throw new Problem('unavailable', 'The server is not ready: its database does not answer', { cause })
    })
    return { status: 'ready' }
  })
  // https://www.rfc-editor.org/rfc/rfc9116
  server.get('/.well-known/security.txt', async (_request, reply) => {
    if (!securityContact)
      throw new Problem('not-found', 'The operator of this server has named no contact for security')
    reply.type('text/plain; charset=utf-8')
    return `Contact: ${securityContact}\nExpires: ${inAYear()}\nPreferred-Languages: en\n`
  })
}

function inAYear(): string {
  return new Date(Date.now() + 365 * 24 * 3600 * 1000).toISOString()
}
