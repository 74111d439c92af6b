/** The kick-off: https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-kick-off-request */
import { Problem } from '#lib'
import { refusal } from './outcomes.ts'
import { addressFrom } from './web/address.ts'
import type { Request } from './web/exchange.ts'
import type { Server } from './web/server.ts'

export type Level =
  | { readonly kind: 'system' }
  | { readonly kind: 'patient' }
  | { readonly kind: 'group'; readonly id: string }

/** What is asked for; names as in `parameters`. */
export interface ExportParameters {
  readonly outputFormat?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly types?: readonly string[] | undefined
  readonly elements?: readonly string[] | undefined
  readonly typeFilters?: readonly string[] | undefined
  readonly associatedData?: readonly string[] | undefined
  readonly patients?: readonly string[] | undefined
  readonly partial?: boolean | undefined
}

export interface KickOff {
  readonly base: URL
  readonly level: Level
  readonly parameters: ExportParameters
  readonly isLenient: boolean
  /** By POST, which naming patients needs anyway. */
  readonly isPost: boolean
}

interface Parameter {
  readonly name: string
  readonly of: keyof ExportParameters
  readonly value: 'valueString' | 'valueInstant' | 'valueBoolean' | 'valueReference'
  /** One list in a query, for servers of 1.0.1; 3.0.0 wants filters repeated. */
  readonly isJoined?: true
}

// biome-ignore format: the columns are the point
const parameters: readonly Parameter[] = [
  { name: '_outputFormat',         of: 'outputFormat',   value: 'valueString' },
  { name: '_since',                of: 'since',          value: 'valueInstant' },
  { name: '_until',                of: 'until',          value: 'valueInstant' },
  { name: '_type',                 of: 'types',          value: 'valueString', isJoined: true },
  { name: '_elements',             of: 'elements',       value: 'valueString', isJoined: true },
  { name: '_typeFilter',           of: 'typeFilters',    value: 'valueString' },
  { name: 'includeAssociatedData', of: 'associatedData', value: 'valueString', isJoined: true },
  { name: 'patient',               of: 'patients',       value: 'valueReference' },
  { name: 'allowPartialManifests', of: 'partial',        value: 'valueBoolean' },
]

export interface KickOffRequest extends Request {
  readonly url: URL
}

export function kickOffRequest({ base, level, parameters: asked, isLenient, isPost }: KickOff): KickOffRequest {
  const url = new URL(base.href.replace(/\/*$/, `/${pathOf(level)}`))
  const headers = { accept: 'application/fhir+json', prefer: `respond-async${isLenient ? ', handling=lenient' : ''}` }
  const given = parameters.map((parameter) => ({ ...parameter, values: [asked[parameter.of] ?? []].flat() }))
  if (isPost || asked.patients !== undefined) {
    const parameter = given.flatMap(({ name, value, values }) =>
      values.map((one) => ({ name, [value]: valueIn(value, one) })),
    )
    const body = JSON.stringify({ resourceType: 'Parameters', parameter })
    return { url, method: 'POST', headers: { ...headers, 'content-type': 'application/fhir+json' }, body }
  }
  for (const { name, values, isJoined } of given) {
    if (isJoined && values.length > 0) url.searchParams.append(name, values.join(','))
    else for (const value of values) url.searchParams.append(name, String(value))
  }
  return { url, method: 'GET', headers }
}

function pathOf(level: Level): string {
  if (level.kind === 'system') return '$export'
  return level.kind === 'patient' ? 'Patient/$export' : `Group/${encodeURIComponent(level.id)}/$export`
}

function valueIn(kind: Parameter['value'], value: string | boolean): unknown {
  return kind === 'valueReference' ? { reference: `Patient/${String(value).replace(/^Patient\//, '')}` } : value
}

/** Starts the export; answers where its status is. A server that knows `Idempotency-Key` starts it once, even if its answer gets lost. */
export async function kickOff(server: Server, { url, headers, ...rest }: KickOffRequest, key: string): Promise<URL> {
  // some servers do much of the work before they answer
  const answer = await server.ask(url, { ...rest, headers: { ...headers, 'idempotency-key': key }, idleSeconds: 600 })
  if (answer.status < 200 || answer.status > 299) throw await refusal('The export could not be started', answer)
  answer.body.destroy()
  const location = answer.headers['content-location']
  if (typeof location === 'string') return addressFrom(location, url)
  throw new Problem(
    'unavailable',
    `The server answers the kick-off with ${answer.status} and no Content-Location: it exports nothing`,
  )
}
