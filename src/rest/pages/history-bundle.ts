import { instantText } from '#fhir'
import type { Version } from '#store'
import type { Shape } from '../interactions/elements.ts'

export interface HistoryBundle {
  /** URL of the FHIR base that was called. */
  readonly base: string
  readonly links: readonly { readonly relation: string; readonly url: string }[]
  readonly total: number | undefined
  readonly versions: readonly Version[]
  readonly shape: Shape | undefined
}

/**
 * The Bundle of a history, put together as text: what is stored goes out to the letter and is never parsed.
 * https://hl7.org/fhir/R4/bundle.html#history
 */
export function historyBundle({ base, links, total, versions, shape }: HistoryBundle): string {
  const start = `{"fullUrl":"${JSON.stringify(base).slice(1, -1)}/`
  const entries = versions.map((version) => `${start}${entry(version, shape)}}`).join()
  const head = `{"resourceType":"Bundle","type":"history"${total === undefined ? '' : `,"total":${total}`}`
  return `${head},"link":${JSON.stringify(links)}${entries === '' ? '' : `,"entry":[${entries}]`}}`
}

function entry(version: Version, shape: Shape | undefined): string {
  if (version.state === 'deleted') {
    const { type, id } = version
    return `${type}/${id}",${causeOf('DELETE', `${type}/${id}`, '204', version)}`
  }
  const { row } = version
  const { type, id, body } = row
  const resource = `${type}/${id}","resource":${shape ? shape(type, body) : body}`
  const isFirst = row.version === 1
  return `${resource},${isFirst ? causeOf('POST', type, '201', row) : causeOf('PUT', `${type}/${id}`, '200', row)}`
}

/**
 * The request that made the version, as far as it is known: a first version is a creation, whether it came by POST, by PUT
 * or by import.
 */
function causeOf(method: string, url: string, status: string, of: { version: number; updated: number }): string {
  const response = { status, etag: `W/"${of.version}"`, lastModified: instantText(of.updated) }
  return `"request":${JSON.stringify({ method, url })},"response":${JSON.stringify(response)}`
}
