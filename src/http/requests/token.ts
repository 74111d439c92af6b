import type { IncomingHttpHeaders } from 'node:http'
import type { Dialect } from '#dialects'
import { Problem } from '#lib'

/** The access token of a request, unread. https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
export function tokenOf(headers: IncomingHttpHeaders, dialect: Dialect): string | undefined {
  const { authorization } = headers
  if (authorization === undefined) return tokenOfDialect(headers, dialect)
  const bearer = /^bearer +([\w.~+/-]+=*) *$/i.exec(authorization)
  if (bearer) return bearer[1]
  throw new Problem(
    'unauthenticated',
    'The header "Authorization" cannot be read: "Bearer " and an access token are wanted',
  )
}

function tokenOfDialect(headers: IncomingHttpHeaders, dialect: Dialect): string | undefined {
  const value = dialect.tokenHeader && headers[dialect.tokenHeader]
  return typeof value === 'string' && value !== '' ? value : undefined
}
