/**
 * A practice's addresses, from the configured base URL and its profile; a request's Host header has no say in them.
 * A practice with a host name of its own lives at that host, under the same scheme, port and path prefix.
 */
import type { Dialect } from '#dialects'
import type { PracticeProfile } from './practice.ts'

type Placed = Pick<PracticeProfile, 'id' | 'path' | 'hostName'>

const standardPath = '/fhir/r4'

/** What the practice's addresses begin with, such as `https://host/prefix/sandbox`; no slash at its end. */
export function practiceRoot(practice: Placed, baseUrl: string): string {
  const { protocol, host, port, pathname } = new URL(baseUrl)
  const prefix = pathname.replace(/\/+$/, '')
  return practice.hostName === undefined
    ? `${protocol}//${host}${prefix}/${practice.path ?? practice.id}`
    : `${protocol}//${practice.hostName}${port && `:${port}`}${prefix}`
}

/** Its FHIR bases, the standard one first, the dialect's after it. */
export function fhirBases(practice: Placed, dialect: Dialect, baseUrl: string): readonly string[] {
  const root = practiceRoot(practice, baseUrl)
  return [...new Set([standardPath, ...dialect.fhirPaths])].map((path) => root + path)
}
