import type { FastifyRequest } from 'fastify'
import { Problem } from '#lib'
import type { Practice, Practices } from '../practice.ts'

/** Where the FHIR base of every practice stands below its root; its dialect may add others. */
export const standardPath = '/fhir/r4'

/** Finds the practice of a request to a route below `/:practice{path}`, one of its FHIR bases. */
export function enterBase(practices: Practices, path: string) {
  return entering(practices, (request, practice) => {
    request.trace.base = practice.root + path
    checkBase(practice, path)
  })
}

/** The same for an address that is not of the FHIR API. */
export function enterRoot(practices: Practices) {
  return entering(practices, (request, practice) => {
    request.trace.base = practice.root
  })
}

/** The same for an address of the FHIR API that stands below none of its bases. */
export function enterBelowRoot(practices: Practices) {
  return entering(practices, (request, practice) => {
    request.trace.base = practice.root + standardPath
  })
}

/** The same for an address without the practice's name, which `nameOf` gives. */
export function enterNamed(practices: Practices, nameOf: (request: FastifyRequest) => Promise<string>) {
  return async (request: FastifyRequest) => {
    const practice = known(request, await practices.named(await nameOf(request)))
    request.trace.base = practice.root
  }
}

/** At once when the practice is known. */
function entering(practices: Practices, enter: (request: FastifyRequest, practice: Practice) => void) {
  return (request: FastifyRequest, _reply: unknown, done: (error?: Error) => void) => {
    const id = (request.params as { practice: string }).practice
    const found = practices.named(id)
    if (found instanceof Promise)
      found.then((practice) => enter(request, known(request, practice))).then(() => done(), done)
    else {
      try {
        enter(request, known(request, found))
      } catch (error) {
        return done(error as Problem)
      }
      done()
    }
  }
}

function known(request: FastifyRequest, practice: Practice | undefined): Practice {
  if (!practice) throw new Problem('not-found', 'The address is not known: no practice has this name')
  request.trace.practice = practice
  return practice
}

function checkBase(practice: Practice, path: string) {
  if (path !== standardPath && !practice.dialect.fhirPaths.includes(path)) {
    throw new Problem(
      'not-found',
      `The address is not known: the FHIR base of this practice is ${practice.root}${standardPath}`,
    )
  }
}
