import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * Pages of any origin may call (https://fetch.spec.whatwg.org/#http-cors-protocol): tokens come in a header and never in a
 * cookie, so a page has no more rights than its own token. Ours rather than a library's because it stands in the way of
 * every read, and nearly none comes from a page. `readers`: the origins that may read this answer; undefined: any.
 */
export function originFields(origin: string | undefined, readers?: readonly string[]): readonly string[] {
  if (origin === undefined || readers?.includes(origin) === false) return varies
  return [...varies, 'access-control-allow-origin', origin, 'access-control-expose-headers', exposed]
}

const varies = ['vary', 'Origin, Accept, Accept-Encoding']
const exposed = [
  'ETag, Last-Modified, Location, Content-Location, X-Request-Id, Retry-After, WWW-Authenticate',
  // exports
  'Expires, X-Progress, X-Export-Status, Preference-Applied, Content-Range, Accept-Ranges',
].join(', ')

/** Answers what a browser asks before it calls. */
export function preflights(server: FastifyInstance) {
  server.options('/*', async (request: FastifyRequest, reply) => {
    const asked = request.headers['access-control-request-headers']
    if (asked !== undefined) reply.header('access-control-allow-headers', asked)
    return reply
      .code(204)
      .header('access-control-allow-methods', 'GET, HEAD, POST, PUT, PATCH, DELETE')
      .header('access-control-max-age', '600')
      .send()
  })
}
