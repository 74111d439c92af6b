import type { IncomingHttpHeaders } from 'node:http'

/** https://hl7.org/fhir/R4/http.html#ops */
export type Preference = 'minimal' | 'representation' | 'OperationOutcome'

/** What the client prefers to be answered; the resource unless it says otherwise. */
export function preferenceOf({ prefer }: IncomingHttpHeaders): Preference {
  const [, asked] = /\breturn\s*=\s*"?(minimal|representation|OperationOutcome)\b/i.exec(String(prefer ?? '')) ?? []
  if (asked?.toLowerCase() === 'minimal') return 'minimal'
  return asked?.toLowerCase() === 'operationoutcome' ? 'OperationOutcome' : 'representation'
}
