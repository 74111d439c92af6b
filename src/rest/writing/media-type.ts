import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '#lib'

/** The media type of a body without its parameters, in lower case; empty when it has none. */
export function mediaTypeOf({ 'content-type': given = '' }: IncomingHttpHeaders): string {
  return (given.split(';')[0] ?? '').trim().toLowerCase()
}

/** A resource comes as JSON; a form, a JSON Patch or a picture is something else. */
export function refuseOtherMedia(headers: IncomingHttpHeaders, wanted: string) {
  const given = mediaTypeOf(headers)
  if (given === '' || /^(?:application|text)\/(?:fhir\+json|json|json\+fhir)$/.test(given)) return
  throw new Problem('unsupported-media', `The body is of type ${given}: ${wanted}`)
}
