import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify'
import { Problem } from '#lib'
import { formatOf } from './answers/formats.ts'
import { send } from './answers/send.ts'
import { readContents } from './bodies.ts'
import type { Answer, Authenticate, Call, Route } from './call.ts'
import type { Answered } from './monitoring/log-requests.ts'
import { type Report, refusalOf } from './monitoring/report.ts'
import { type Parameters, parameters, refuseToken } from './parameters.ts'
import { fhirReply } from './refusals/fhir-replies.ts'
import { problemOf } from './refusals/problem-of.ts'
import { admit } from './requests/admit.ts'

export const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

interface Serving {
  readonly authenticate: Authenticate
  readonly answered: Answered
  readonly report: Report
  /** Fields of every answer. */
  readonly always: readonly string[]
}

/** Serves the routes below one FHIR base; `enterBase` has found the practice before they run. */
export function serveRoutes(server: FastifyInstance, routes: readonly Route[], serving: Serving) {
  function serveRoute(scope: FastifyInstance, route: Route) {
    scope.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: !route.isSpending,
      handler: (request, reply) => serve(route, serving, request, reply),
    })
  }
  for (const route of routes) if (!route.takesContent) serveRoute(server, route)
  server.register(async (scope) => {
    readContents(scope)
    for (const route of routes) if (route.takesContent) serveRoute(scope, route)
  })
  for (const [url, offered] of Map.groupBy(routes, (route) => route.path)) {
    const allowed = methodsOf(offered)
    server.route({
      method: methods.filter((method) => !allowed.includes(method)),
      url,
      // Before the body is read: nothing of it matters.
      onRequest: (request, reply) => refuseMethod(request, reply, allowed),
      handler: () => undefined,
    })
  }
}

/** With GET goes HEAD, unless it would start or spend something. */
export function methodsOf(offered: readonly Pick<Route, 'method' | 'isSpending'>[]): readonly string[] {
  return offered.flatMap(({ method, isSpending }) => (method === 'GET' && !isSpending ? ['GET', 'HEAD'] : [method]))
}

/**
 * Authentication and the route begin in the same tick, so that the store can join the look-up of the token with that of a
 * row. No answer leaves before the principal is known, whatever the route did; and a stranger learns of no other failure
 * than that.
 */
async function serve(route: Route, serving: Serving, request: FastifyRequest, reply: FastifyReply) {
  request.trace.interaction = route.interaction
  const call = callOf(route, serving, request)
  if (route.isAt?.(call.practice) === false) throw new Problem('not-found', 'The address is not known at this practice')
  const isOpen = isOpenTo(route, call.parameters)
  // of what may answer a file it is not known yet whether it will
  if (!route.servesContent) formatOf(call)
  let answer: Answer
  try {
    answer = await route.answer(call)
  } catch (error) {
    if (!isOpen) await call.principal
    throw error
  }
  if (!isOpen) await call.principal
  const sending = send(call, answer, { reply, always: serving.always })
  if (sending) await sending
  serving.answered(request, reply.raw.statusCode)
}

function callOf(route: Route, { authenticate, report }: Serving, request: FastifyRequest): Call {
  const { trace, headers, id } = request
  const practice = trace.practice
  if (!practice) throw new TypeError('A route of the FHIR API runs without its practice')
  const given = parametersOf(request)
  return {
    practice,
    base: trace.base,
    address: practice.root + below(request.raw.url ?? ''),
    principal: isOpenTo(route, given) ? nobody : admit(authenticate, practice, request),
    requestId: id,
    method: request.method,
    path: request.params as Record<string, string>,
    parameters: given,
    headers,
    body: typeof request.body === 'string' ? request.body : undefined,
    content: Buffer.isBuffer(request.body) ? request.body : undefined,
    isPretty: firstOf(given, '_pretty') === 'true',
    refused(error) {
      const problem = problemOf(error)
      report(refusalOf(request, problem))
      return fhirReply(problem, id, practice.dialect)
    },
  }
}

function isOpenTo({ isOpen, isOpenFor }: Route, given: Parameters): boolean {
  return isOpen === true || isOpenFor?.(given) === true
}

/** `rewriteUrl` has put the practice in front. */
function below(url: string): string {
  return url.slice(url.indexOf('/', 1))
}

/** An open route has no caller. */
const nobody = Promise.reject(new TypeError('An open route asks who calls'))
nobody.catch(() => undefined)

function parametersOf(request: FastifyRequest): Parameters {
  const url = request.raw.url ?? ''
  const mark = url.indexOf('?')
  const ofUrl = mark < 0 ? '' : url.slice(mark + 1)
  const form = Array.isArray(request.body) ? (request.body as unknown as Parameters) : undefined
  if (ofUrl === '' && !form) return none
  const given = form ? [...parameters(ofUrl), ...form] : parameters(ofUrl)
  refuseToken(given)
  return given
}

const none: Parameters = []

function firstOf(given: Parameters, name: string): string | undefined {
  return given.find((pair) => pair[0] === name)?.[1]
}

export async function refuseMethod(request: FastifyRequest, reply: FastifyReply, allowed: readonly string[]) {
  reply.header('allow', [...allowed, 'OPTIONS'].join(', '))
  const offered = allowed.join(', ')
  throw new Problem('not-allowed', `${request.method} is not offered at this address: it answers to ${offered}`)
}
