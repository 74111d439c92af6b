import type { IncomingHttpHeaders } from 'node:http'

/** The media type of a body without its parameters, in lower case; empty when it has none. */
export function mediaTypeOf({ 'content-type': given = '' }: IncomingHttpHeaders): string {
  return (given.split(';')[0] ?? '').trim().toLowerCase()
}
