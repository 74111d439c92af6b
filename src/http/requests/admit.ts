import type { FastifyRequest } from 'fastify'
import type { Principal } from '#access'
import type { Authenticate } from '../call.ts'
import type { Practice } from '../practice.ts'
import { checkAudience } from './audience.ts'
import { tokenOf } from './token.ts'

/** Who calls; rejects when that cannot be told, or when they may not call here. */
export function admit(authenticate: Authenticate, practice: Practice, request: FastifyRequest): Promise<Principal> {
  const { trace, headers, id } = request
  const token = tokenOf(headers, practice.dialect)
  trace.hasToken = token !== undefined
  const admitted = authenticate(practice, token, id).then((principal) => {
    trace.principal = principal
    checkAudience(practice, trace.base, principal)
    return principal
  })
  // A route that fails before it asks who calls leaves nobody to see a rejection.
  admitted.catch(() => undefined)
  return admitted
}
