import { Problem, type ProblemKind } from '#lib'

/** What Fastify itself refuses with. https://fastify.dev/docs/latest/Reference/Errors/ */
const refusalsOfFastify: Readonly<Record<string, readonly [ProblemKind, string]>> = {
  FST_ERR_BAD_URL: [
    'incorrect',
    'The address cannot be read: "%" is not followed by the hexadecimal code of UTF-8 text',
  ],
  FST_ERR_MAX_PARAM_LENGTH: ['not-found', 'The address is not known: a part of its path is too long'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', 'The body is larger than this server takes'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['incorrect', 'The body is not as long as the header "Content-Length" says'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported-media',
    'The body cannot be read: its Content-Type is none of application/fhir+json, application/json, application/json-patch+json and application/x-www-form-urlencoded',
  ],
}

/** Any failure as a Problem that may be told; what is not one already is a fault, and only the log says which. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { code, statusCode } = error as { code?: string; statusCode?: number }
  const known = code === undefined ? undefined : refusalsOfFastify[code]
  if (known) return new Problem(known[0], known[1], { cause: error })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('incorrect', 'The request cannot be read', { cause: error })
  }
  return new Problem('fault', 'The server failed at this request: its log says why, under the id of the request', {
    cause: error,
  })
}
