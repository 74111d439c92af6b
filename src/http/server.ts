import type { Server as HttpsServer } from 'node:https'
import Fastify, {
  type FastifyError,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type RawServerDefault,
} from 'fastify'
import type { Registry } from 'prom-client'
import { Problem } from '#lib'
import { alwaysFields } from './answers/always.ts'
import { originFields, preflights } from './answers/cross-origin.ts'
import { readBodies } from './bodies.ts'
import type { Authenticate, Route } from './call.ts'
import type { Endpoint } from './endpoint.ts'
import { healthRoutes } from './monitoring/health.ts'
import { logRequests } from './monitoring/log-requests.ts'
import { type Report, reportToLog } from './monitoring/report.ts'
import { newTrace } from './monitoring/trace.ts'
import type { Practices } from './practice.ts'
import { refuseWith } from './refusals/refuse.ts'
import { answerUnreadable } from './refusals/unreadable.ts'
import { enterBase, enterBelowRoot, standardPath } from './requests/enter-practice.ts'
import { requestIds } from './requests/request-id.ts'
import { rewriteUrl } from './requests/rewrite-url.ts'
import { serveEndpoints } from './serve-endpoints.ts'
import { serveRoutes } from './serve-routes.ts'
import { type CertificateFiles, readCertificate } from './tls/certificate.ts'
import { followCertificate } from './tls/follow-certificate.ts'

export interface ServerOptions {
  readonly practices: Practices
  readonly authenticate: Authenticate
  /** The FHIR API below each base. */
  readonly routes: readonly Route[]
  /** Beside the FHIR API; none unless given. */
  readonly endpoints?: readonly Endpoint[]
  /** FHIR bases below a practice's root that some dialect has besides the standard one. */
  readonly fhirPaths: readonly string[]
  /** Rejects while the server cannot work, for `/readyz`. */
  readonly checkReady: () => Promise<void>
  readonly registry: Registry
  /** Where lines of the log go (each ends with a line break); undefined: nowhere. */
  readonly log: { write(line: string): void } | undefined
  /** Where refusals go; the log unless given. */
  readonly report?: Report
  /** The path that the server stands below (of BASE_URL), without a final slash. */
  readonly prefix?: string
  /** Where to tell of a weakness, for `/.well-known/security.txt`: `mailto:…` or `https://…`. */
  readonly securityContact?: string
  /** Proxies whose X-Forwarded-For is believed; without one it may come from anybody. */
  readonly trustedProxies?: readonly string[]
  /** Whether clients reach it by https (BASE_URL): browsers are told to use nothing else. */
  readonly isHttps?: boolean
  /** TLS ends here; without it the server speaks HTTP. */
  readonly certificate?: CertificateFiles | undefined
  /** How often the files of the certificate are looked at. */
  readonly certificateEveryMs?: number
  /** Told each request. */
  readonly onRequest?: () => void
  readonly bodyLimitBytes?: number
  readonly formLimitBytes?: number
}

const megabyte = 1024 * 1024

/** The server as production runs it; `listen` and `close` are Fastify's. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const report = options.report ?? reportToLog(options.log)
  const answered = logRequests(options.registry, options.log)
  const refuse = refuseWith(report)
  const always = alwaysFields(options.isHttps === true)
  const server = create(options, { report, refuse, always })
  server.decorateRequest('trace')
  server.addHook('onRequest', (request, _reply, done) => {
    request.trace = newTrace()
    options.onRequest?.()
    done()
  })
  // What a route of the FHIR API answers goes out by `send.ts` and does not come here.
  server.addHook('onSend', (request, reply, payload, done) => {
    addFields(reply, [...originFields(request.headers.origin, request.trace.readers), ...always])
    reply.header('x-request-id', request.id)
    answered(request, reply.statusCode)
    done(null, payload)
  })
  server.setErrorHandler(refuse)
  server.setNotFoundHandler((request) => {
    throw new Problem(
      'not-found',
      `The address is not known: nothing answers to ${request.method} there; FHIR is below the base of a practice, such as /sandbox/fhir/r4`,
    )
  })
  readBodies(server, options.formLimitBytes ?? 5 * megabyte)
  preflights(server)
  // what else a client may expect is ours to overlook: RFC 9110 §10.1.1
  server.server.on('checkExpectation', (request, response) => server.server.emit('request', request, response))
  healthRoutes(server, options)
  const { authenticate, practices } = options
  const bases = [...new Set([standardPath, ...options.fhirPaths])]
  await serveEndpoints(server, options.endpoints ?? [], { practices, bases, report })
  const serving = { authenticate, answered, report, always }
  const belowRoot = options.routes.filter(({ isBelowRoot }) => isBelowRoot)
  const belowBase = options.routes.filter(({ isBelowRoot }) => !isBelowRoot)
  for (const path of bases) {
    const prefix = `/:practice${path}`
    await server.register(
      async (scope) => {
        scope.addHook('onRequest', enterBase(practices, path))
        serveRoutes(scope, belowBase, serving)
      },
      { prefix },
    )
  }
  await server.register(
    async (scope) => {
      scope.addHook('onRequest', enterBelowRoot(practices))
      serveRoutes(scope, belowRoot, serving)
    },
    { prefix: '/:practice' },
  )
  return server
}

interface Creating {
  readonly report: Report
  readonly refuse: ReturnType<typeof refuseWith>
  readonly always: readonly string[]
}

function create(options: ServerOptions, { report, refuse, always }: Creating): FastifyInstance {
  const files = options.certificate
  const certificate = files && readCertificate(files)
  const server = Fastify({
    https: certificate ? { ...certificate } : null,
    bodyLimit: options.bodyLimitBytes ?? 10 * megabyte,
    // On a closing server what still comes in on an open connection is served, not refused in Fastify's own words.
    return503OnClosing: false,
    requestTimeout: 60_000,
    keepAliveTimeout: 75_000,
    genReqId: requestIds(),
    requestIdHeader: false,
    ...(options.trustedProxies?.length && { trustProxy: [...options.trustedProxies] }),
    rewriteUrl: rewriteUrl(options.practices, options.prefix ?? ''),
    clientErrorHandler: answerUnreadable(report, always),
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      request.trace = newTrace()
      addFields(reply, always) // no hook sees this answer
      refuse(error, request, reply)
    },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200, querystringParser: () => noQuery },
  } as FastifyHttpOptions<RawServerDefault>)
  if (files && certificate) {
    const everyMs = options.certificateEveryMs
    const following = followCertificate(server.server as HttpsServer, { files, first: certificate, report, everyMs })
    server.addHook('onClose', async () => following[Symbol.dispose]())
  }
  return server
}

function addFields(reply: FastifyReply, fields: readonly string[]) {
  for (let at = 0; at < fields.length; at += 2) reply.header(fields[at] ?? '', fields[at + 1])
}

/** The query string is read by `parameters.ts`, in order and strictly. */
const noQuery = {}
