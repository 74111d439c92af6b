import type { FastifyRequest } from 'fastify'
import type { Principal } from '#access'
import { Problem } from '#lib'
import { checkAudience } from './audience.ts'
import type { Authenticate } from './call.ts'
import type { Practice } from './practice.ts'
import type { Allowance } from './rate-limit.ts'
import { tokenOf } from './token.ts'

export interface Admission {
  readonly authenticate: Authenticate
  /** Undefined: as many requests as come. */
  readonly limit: ((principal: Principal) => Allowance) | undefined
}

/** Who calls; rejects when that cannot be told, or when they may not call here or now. */
export function admit(
  { authenticate, limit }: Admission,
  practice: Practice,
  request: FastifyRequest,
): Promise<Principal> {
  const { trace, headers, id } = request
  const token = tokenOf(headers, practice.dialect)
  trace.hasToken = token !== undefined
  const admitted = authenticate(practice, token, id).then((principal) => {
    trace.principal = principal
    checkAudience(practice, trace.base, principal)
    trace.allowance = limit?.(principal)
    if (!trace.allowance?.isSpent) return principal
    const { resetSeconds } = trace.allowance
    throw new Problem('busy', `This app has sent more requests than it may in a minute: try again in ${resetSeconds} s`)
  })
  // A route that fails before it asks who calls leaves nobody to see a rejection.
  admitted.catch(() => undefined)
  return admitted
}
