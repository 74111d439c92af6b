import { isUtf8 } from 'node:buffer'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '#lib'
import { checkDepth } from './json-depth.ts'
import { parameters } from './parameters.ts'

export const jsonPatchType = 'application/json-patch+json'

const jsonTypes = ['application/fhir+json', 'application/json', 'application/json+fhir', 'text/json', jsonPatchType]

/** The formats of bodies: JSON arrives as its text, a form as its parameters; any other is refused with 415 but by routes that take it. */
export function readBodies(server: FastifyInstance, formLimitBytes: number) {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(jsonTypes, { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      const text = decoded(request, bytes as Buffer)
      checkDepth(text)
      done(null, text)
    } catch (error) {
      done(error as Error)
    }
  })
  const form = { parseAs: 'string', bodyLimit: formLimitBytes } as const
  server.addContentTypeParser('application/x-www-form-urlencoded', form, (_request, text, done) => {
    try {
      done(null, parameters(String(text)))
    } catch (error) {
      done(error as Error)
    }
  })
}

/** For the routes of this scope a body of any other type arrives as its bytes. */
export function readContents(scope: FastifyInstance) {
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (request, bytes, done) => {
    try {
      refuseEncoding(request)
      done(null, bytes)
    } catch (error) {
      done(error as Error)
    }
  })
}

/** What is not UTF-8 would be stored with other letters than it came with. https://www.rfc-editor.org/rfc/rfc8259#section-8.1 */
function decoded(request: FastifyRequest, bytes: Buffer): string {
  refuseEncoding(request)
  if (isUtf8(bytes)) return bytes.toString()
  throw new Problem('incorrect', 'The body cannot be read: JSON is UTF-8, and it holds bytes that are not', {
    issue: 'structure',
  })
}

/** Nothing is decompressed, so that no small body becomes a large one; and none is stored as it is packed. */
function refuseEncoding({ headers }: FastifyRequest) {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity' || encoding === '') return
  throw new Problem('unsupported-media', 'The body cannot be read: it is compressed; send it without Content-Encoding')
}
