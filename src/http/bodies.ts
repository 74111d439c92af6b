import type { FastifyInstance } from 'fastify'
import { checkDepth } from './json-depth.ts'
import { parameters } from './parameters.ts'

export const jsonPatchType = 'application/json-patch+json'

const jsonTypes = ['application/fhir+json', 'application/json', 'application/json+fhir', 'text/json', jsonPatchType]

/** The formats of bodies: JSON arrives as its text, a form as its parameters; any other is refused with 415. */
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
