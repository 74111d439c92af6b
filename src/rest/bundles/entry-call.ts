import type { IncomingHttpHeaders } from 'node:http'
import { type Call, parameters, refuseToken } from '#http'
import { Problem } from '#lib'
import type { Entry } from '#store'
import type { Asked } from './asked.ts'
import type { FoundRoute } from './find-route.ts'

/** The request that an entry asks for, as the route that answers it sees it: by the same principal. */
export function entryCall(call: Call, { entry, method, query }: Asked, { path }: FoundRoute): Call {
  const given = parameters(query)
  refuseToken(given)
  return { ...call, ...entryRequest(call.headers, entry, method), method, path, parameters: given, isPretty: false }
}

/** Headers and body that an entry would have alone. */
export function entryRequest(given: IncomingHttpHeaders, entry: Entry, method: string): Pick<Call, 'headers' | 'body'> {
  const body = bodyOf(entry, method)
  return { headers: headersOf(given, entry, body?.type), body: body?.text }
}

interface Body {
  readonly type: string
  readonly text: string
}

const fhirJson = 'application/fhir+json'

function bodyOf({ resource }: Entry, method: string): Body | undefined {
  if (!resource) return undefined
  if (method !== 'PATCH' || resource.type !== 'Binary') return { type: fhirJson, text: resource.text }
  return binaryBody(resource.parsed)
}

/** https://hl7.org/fhir/R4/http.html#patch: a JSON Patch comes within a Bundle as a Binary. */
function binaryBody(binary: object): Body {
  const { contentType, data } = binary as { contentType?: unknown; data?: unknown }
  if (typeof contentType === 'string' && typeof data === 'string') {
    return { type: contentType, text: Buffer.from(data, 'base64').toString() }
  }
  throw new Problem('incorrect', 'The patch cannot be read: a Binary that holds one has contentType and data', {
    expression: 'Binary.data',
  })
}

function headersOf(given: IncomingHttpHeaders, entry: Entry, contentType: string | undefined): IncomingHttpHeaders {
  const { ifMatch, ifNoneMatch, ifNoneExist, ifModifiedSince } = entry
  return {
    accept: fhirJson,
    prefer: preferenceWithin(given),
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
    ...(ifNoneExist !== undefined && { 'if-none-exist': ifNoneExist }),
    ...(ifModifiedSince !== undefined && { 'if-modified-since': ifModifiedSince }),
  }
}

/** What was written is not sent back with every entry unless the client asks for it. */
export function preferenceWithin({ prefer }: IncomingHttpHeaders): string {
  const given = String(prefer ?? '')
  if (/\breturn\s*=/i.test(given)) return given
  return given === '' ? 'return=minimal' : `${given}, return=minimal`
}
