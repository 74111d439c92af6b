import { parseReference } from '#fhir'
import type { Call } from '#http'
import { Problem } from '#lib'
import { isMediaType } from './media-types.ts'

/** The Binary that holds a file as it was posted. https://hl7.org/fhir/R4/binary.html#rest */
export function binaryOf({ headers, path }: Pick<Call, 'headers'> & Partial<Pick<Call, 'path'>>, content: Buffer) {
  const contentType = contentTypeOf(headers['content-type'])
  if (/fhir\+xml|xml\+fhir/.test(contentType) && content.subarray(0, 1000).includes('<Binary')) {
    throw new Problem('unsupported-media', 'A Binary cannot be read from XML: application/fhir+json is offered')
  }
  const context = headers['x-security-context']
  const resource = {
    resourceType: 'Binary',
    ...(path?.id !== undefined && { id: path.id }),
    contentType,
    ...(context !== undefined && { securityContext: { reference: contextOf(String(context)) } }),
    data: content.toString('base64'),
  }
  return { text: JSON.stringify(resource), resource }
}

function contentTypeOf(given = 'application/octet-stream'): string {
  const type = given.length > longest ? given : given.trim().replace(/\s*;\s*/g, ';')
  if (isMediaType(type)) return type
  throw new Problem(
    'unsupported-media',
    'The file cannot be stored: its Content-Type is no media type, such as application/pdf',
  )
}

const longest = 200

function contextOf(given: string): string {
  const { kind } = parseReference(given)
  if (kind === 'relative' || (kind === 'url' && /^https?:\/\/\S+$/.test(given))) return given
  throw new Problem('incorrect', 'The header X-Security-Context is not a reference to a resource, such as Patient/12', {
    issue: 'value',
    expression: 'Binary.securityContext',
  })
}
