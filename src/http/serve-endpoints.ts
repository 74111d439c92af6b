import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '#lib'
import type { Asked, Endpoint, Reply } from './endpoint.ts'
import { type Report, refusalOf } from './monitoring/report.ts'
import { type Parameters, parameters, refuseToken } from './parameters.ts'
import type { Practices } from './practice.ts'
import { problemOf } from './refusals/problem-of.ts'
import { enterBase, enterNamed, enterRoot } from './requests/enter-practice.ts'
import { methods, methodsOf, refuseMethod } from './serve-routes.ts'

interface Serving {
  readonly practices: Practices
  /** Below a practice's root. */
  readonly bases: readonly string[]
  readonly report: Report
}

/** What an authorization request may be; all else is far smaller. */
const formLimitBytes = 256 * 1024

export async function serveEndpoints(server: FastifyInstance, endpoints: readonly Endpoint[], serving: Serving) {
  const placed = endpoints.flatMap((endpoint) =>
    (endpoint.below === 'bases' ? serving.bases : ['']).map((base) => ({ endpoint, base })),
  )
  const byPath = Map.groupBy(placed, ({ endpoint, base }) =>
    endpoint.below === 'server' ? endpoint.path : `/:practice${base}${endpoint.path}`,
  )
  await server.register(async (scope) => {
    readForms(scope)
    for (const [url, there] of byPath) {
      for (const { endpoint, base } of there) serveEndpoint(scope, url, { endpoint, base, serving })
      refuseOthers(scope, url, { offered: there.map(({ endpoint }) => endpoint), report: serving.report })
    }
  })
}

interface Placed {
  readonly endpoint: Endpoint
  readonly base: string
  readonly serving: Serving
}

function serveEndpoint(scope: FastifyInstance, url: string, { endpoint, base, serving }: Placed) {
  const { practices, report } = serving
  scope.route({
    method: endpoint.method,
    url,
    exposeHeadRoute: !endpoint.isSpending,
    onRequest: [
      (request, _reply, done) => {
        request.trace.interaction = endpoint.name
        if (endpoint.readers === 'of-client') request.trace.readers = []
        done()
      },
      ...(endpoint.below === 'root' ? [enterRoot(practices)] : []),
      ...(endpoint.below === 'bases' ? [enterBase(practices, base)] : []),
    ],
    // once the body is read
    preHandler:
      endpoint.below === 'server' ? [enterNamed(practices, (request) => practiceAskedBy(endpoint, request))] : [],
    handler: async (request, reply) => send(reply, await endpoint.answer(askedBy(endpoint, request))),
    errorHandler: (error, request, reply) => refuse(endpoint, report, { error, request, reply }),
  })
}

function practiceAskedBy({ practiceOf }: Endpoint, request: FastifyRequest): Promise<string> {
  if (!practiceOf) throw new TypeError('An endpoint below the root of the server does not say whose it is')
  return practiceOf({ form: formOf(request), headers: request.headers })
}

function formOf({ body }: FastifyRequest): Parameters {
  return Array.isArray(body) ? (body as unknown as Parameters) : []
}

function askedBy(endpoint: Endpoint, request: FastifyRequest): Asked {
  const { trace } = request
  const { practice } = trace
  if (!practice) throw new TypeError('An endpoint runs without its practice')
  if (endpoint.isAt?.(practice) === false) throw new Problem('not-found', 'The address is not known at this practice')
  const url = request.raw.url ?? ''
  const mark = url.indexOf('?')
  const ofUrl = mark < 0 ? [] : parameters(url.slice(mark + 1))
  refuseToken(ofUrl)
  return {
    practice,
    base: trace.base,
    requestId: request.id,
    address: request.ip,
    parameters: ofUrl,
    form: formOf(request),
    headers: request.headers,
    isFrom(client, origins) {
      trace.client = client
      if (endpoint.readers === 'of-client') trace.readers = origins
    },
  }
}

function send(reply: FastifyReply, { status = 200, headers = {}, type, body }: Reply) {
  for (const [name, value] of Object.entries(headers)) reply.header(name, value)
  if (type !== undefined) reply.type(type)
  return reply.code(status).send(body ?? '')
}

interface Failed {
  readonly error: unknown
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

function refuse(endpoint: Endpoint, report: Report, { error, request, reply }: Failed) {
  const problem = problemOf(error)
  const { trace } = request
  trace.kind = problem.kind
  report(refusalOf(request, problem))
  return send(reply, endpoint.refused(problem, { requestId: request.id, practice: trace.practice }))
}

function refuseOthers(
  scope: FastifyInstance,
  url: string,
  there: { readonly offered: readonly Endpoint[]; readonly report: Report },
) {
  const { offered, report } = there
  const [first] = offered
  if (!first) return
  const allowed = methodsOf(offered)
  scope.route({
    method: methods.filter((method) => !allowed.includes(method)),
    url,
    onRequest: (request, reply) => refuseMethod(request, reply, allowed),
    handler: () => undefined,
    errorHandler: (error, request, reply) => refuse(first, report, { error, request, reply }),
  })
}

function readForms(scope: FastifyInstance) {
  scope.removeAllContentTypeParsers()
  const form = { parseAs: 'string', bodyLimit: formLimitBytes } as const
  scope.addContentTypeParser('application/x-www-form-urlencoded', form, (_request, text, done) => {
    try {
      done(null, parameters(String(text)))
    } catch (error) {
      done(error as Error)
    }
  })
  scope.addContentTypeParser('*', (_request, _payload, done) => {
    const sentence = 'The body is wanted as a form: Content-Type application/x-www-form-urlencoded'
    done(new Problem('unsupported-media', sentence))
  })
}
