import type { Principal } from '#access'
import type { ProblemKind } from '#lib'
import type { Practice } from '../practice.ts'

/** What is learned of a request on its way, for the log line, the metrics and the error reply. */
export interface Trace {
  /** `performance.now()` */
  readonly startedAt: number
  practice: Practice | undefined
  /** The FHIR base that was called, without a final slash. */
  base: string
  interaction: string
  principal: Principal | undefined
  /** The app whose request it is, where no token says so. */
  client: string | undefined
  /** Origins whose pages may read the answer; undefined: any. */
  readers: readonly string[] | undefined
  hasToken: boolean
  kind: ProblemKind | undefined
}

declare module 'fastify' {
  interface FastifyRequest {
    trace: Trace
  }
}

export function newTrace(): Trace {
  return {
    startedAt: performance.now(),
    practice: undefined,
    base: '',
    interaction: 'none',
    principal: undefined,
    client: undefined,
    readers: undefined,
    hasToken: false,
    kind: undefined,
  }
}
