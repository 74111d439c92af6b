import { STATUS_CODES } from 'node:http'
import { instantText, type OperationOutcome } from '#fhir'
import { type Answer, type Call, isUnchanged } from '#http'

/** An entry of a response, put together as text: what is stored goes out to the letter. */
export interface ResponseEntry {
  readonly status: number
  readonly body?: string
  readonly location?: string
  readonly version?: string
  readonly updated?: number
  readonly outcome?: string
}

/** https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.response */
function responseEntry({ status, body, location, version, updated, outcome }: ResponseEntry): string {
  const text = STATUS_CODES[status]
  let response = `{"status":"${text === undefined ? status : `${status} ${text}`}"`
  if (location !== undefined) response += `,"location":${JSON.stringify(location)}`
  if (version !== undefined) response += `,"etag":${JSON.stringify(`W/"${version}"`)}`
  if (updated !== undefined) response += `,"lastModified":"${instantText(updated)}"`
  if (outcome !== undefined) response += `,"outcome":${outcome}`
  return body === undefined ? `{"response":${response}}}` : `{"resource":${body},"response":${response}}}`
}

/** What a route answered to the call of an entry. */
export function answeredEntry({ method, headers }: Pick<Call, 'method' | 'headers'>, answer: Answer): string {
  const { version, updated } = answer
  const isRead = method === 'GET' || method === 'HEAD'
  const etag = version === undefined ? undefined : `W/"${version}"`
  const seconds = updated === undefined ? undefined : Math.floor(updated / 1_000_000)
  const stamps = { ...(version !== undefined && { version }), ...(updated !== undefined && { updated }) }
  if (isRead && isUnchanged(headers, etag, seconds)) return responseEntry({ ...stamps, status: 304 })
  const location = answer.headers?.location
  return responseEntry({
    ...stamps,
    status: answer.status ?? (answer.body === undefined ? 204 : 200),
    ...(method !== 'HEAD' && bodyMember(answer.body, isRead)),
    ...(location !== undefined && { location }),
  })
}

/** What a write tells of itself (`Prefer: return=OperationOutcome`) is no resource of it. */
function bodyMember(body: string | undefined, isRead: boolean): { body?: string; outcome?: string } {
  if (body === undefined) return {}
  return !isRead && body.startsWith('{"resourceType":"OperationOutcome"') ? { outcome: body } : { body }
}

export function refusedEntry({ status, body }: { readonly status: number; readonly body: OperationOutcome }): string {
  return responseEntry({ status, outcome: JSON.stringify(body) })
}

export function responseBundle(type: 'batch' | 'transaction', entries: readonly string[]): string {
  const tail = entries.length === 0 ? '' : `,"entry":[${entries.join()}]`
  return `{"resourceType":"Bundle","type":"${type}-response"${tail}}`
}
