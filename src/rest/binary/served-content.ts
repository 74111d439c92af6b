import { memberSpan } from '#fhir'
import type { Answer } from '#http'
import type { Row } from '#store'
import { isMediaType } from './media-types.ts'

/** What a Binary holds, as the file that it is. https://hl7.org/fhir/R4/binary.html#rest */
export function servedContent({ body, version, updated }: Row): Answer {
  const type = stringAt(body, 'contentType') ?? ''
  const context = securityContext(body)
  return {
    content: {
      // what no header can say is a file of no known type
      type: isMediaType(type) ? type : 'application/octet-stream',
      bytes: Buffer.from(stringAt(body, 'data') ?? '', 'base64'),
    },
    version: String(version),
    updated,
    ...(context !== undefined && { headers: { 'x-security-context': context } }),
  }
}

function securityContext(body: string): string | undefined {
  const span = memberSpan(body, 'securityContext')
  const reference = span && stringAt(body.slice(span.valueStart, span.valueEnd), 'reference')
  return reference !== undefined && /^[\x21-\x7e]+$/.test(reference) ? reference : undefined
}

/** A member that is text; the rest is not parsed, for the data may be megabytes. */
function stringAt(text: string, key: string): string | undefined {
  const span = memberSpan(text, key)
  const value: unknown = span && JSON.parse(text.slice(span.valueStart, span.valueEnd))
  return typeof value === 'string' ? value : undefined
}
