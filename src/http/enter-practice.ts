import type { FastifyRequest } from 'fastify'
import { Problem } from '#lib'
import type { Practice, Practices } from './practice.ts'

/** Where the FHIR base of every practice stands below its root; its dialect may add others. */
export const standardPath = '/fhir/r4'

/** Finds the practice of a request to a route below `/:practice{path}`; at once when it is known. */
export function enterPractice(practices: Practices, path: string) {
  return (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void) => {
    const id = (request.params as { practice: string }).practice
    const found = practices.named(id)
    if (found instanceof Promise) found.then((practice) => enter(request, practice, path)).then(() => done(), done)
    else {
      try {
        enter(request, found, path)
      } catch (error) {
        return done(error as Problem)
      }
      done()
    }
  }
}

function enter(request: FastifyRequest, practice: Practice | undefined, path: string) {
  if (!practice) throw new Problem('not-found', 'The address is not known: no practice has this name')
  request.trace.practice = practice
  request.trace.base = practice.root + path
  if (path !== standardPath && !practice.dialect.fhirPaths.includes(path)) {
    throw new Problem(
      'not-found',
      `The address is not known: the FHIR base of this practice is ${practice.root}${standardPath}`,
    )
  }
}
