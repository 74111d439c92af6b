import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from '#lib'
import { type Report, refusalOf } from '../monitoring/report.ts'
import { fhirReply } from './fhir-replies.ts'
import { problemOf } from './problem-of.ts'

/** Answers any failure on any path with an OperationOutcome, and reports it. */
export function refuseWith(report: Report) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const problem = problemOf(error)
    const { trace } = request
    trace.kind = problem.kind
    report(refusalOf(request, problem))
    const { status, body } = fhirReply(problem, request.id, trace.practice?.dialect)
    if (status === 401 || status === 403) reply.header('www-authenticate', challenge(problem, trace))
    // https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6: an address that takes no writes can be read
    if (status === 405 && !reply.hasHeader('allow')) reply.header('allow', 'GET, HEAD, OPTIONS')
    if (status === 429 || status === 503) reply.header('retry-after', String(problem.retryAfterSeconds ?? 1))
    return reply
      .code(status)
      .header('x-request-id', request.id)
      .header('cache-control', 'no-store')
      .type('application/fhir+json; charset=utf-8')
      .send(JSON.stringify(body))
  }
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-3: without a token no error is named. */
function challenge(problem: Problem, trace: FastifyRequest['trace']): string {
  const realm = `Bearer realm="${trace.base}"`
  if (problem.kind === 'unauthenticated' && !trace.hasToken) return realm
  const error = problem.kind === 'unauthenticated' ? 'invalid_token' : 'insufficient_scope'
  return `${realm}, error="${error}", error_description="${problem.message.replace(/[^ !#-[\]-~]/g, "'")}"`
}
