import { hasRelativeAttachment } from '#fhir'

/** Its attachments have relative URLs, which are made absolute on the way into an export. */
const relativeUrl = 1
/** Its text is more than clients of Bulk Data take as a line (specs/bulk.md B18). */
const longLine = 2
export const longestLineBytes = 10_000_000

/** What an export has to do to the text of a row (`resource.mark`); undefined for most, whose text goes out as it lies. */
export function markOf(body: string, resource: object): number | undefined {
  const isLong = body.length * 3 > longestLineBytes && Buffer.byteLength(body) > longestLineBytes
  const mark = (hasRelativeAttachment(body, resource) ? relativeUrl : 0) | (isLong ? longLine : 0)
  return mark === 0 ? undefined : mark
}
