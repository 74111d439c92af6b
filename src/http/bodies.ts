import type { FastifyInstance } from 'fastify'
import { checkDepth } from './json-depth.ts'
import { parameters } from './parameters.ts'

export const jsonPatchType = 'application/json-patch+json'

const jsonTypes = ['application/fhir+json', 'application/json', 'application/json+fhir', 'text/json', jsonPatchType]

/** The formats of bodies: JSON arrives as its text, a form as its parameters; any other is refused with 415 but by routes that take it. */
export function readBodies(server: FastifyInstance, formLimitBytes: number) {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(jsonTypes, { parseAs: 'string' }, (_request, text, done) => {
    try {
      checkDepth(String(text))
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
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, bytes, done) => done(null, bytes))
}
