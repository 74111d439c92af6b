import type { Practice } from '#http'
import type { App } from '#platform'

export const tokenPath = '/auth/token'

/**
 * What an assertion may name as its audience: the token endpoint by any of its addresses, or the issuer. An app that serves
 * one practice may use the addresses of a dialect without the practice's name, too (specs/model.md 5).
 */
export function audiencesOf(practice: Practice, { record }: App, baseUrl: string): string[] {
  const { root, number, dialect } = practice
  const places = record.onlyPractice === number ? [root, baseUrl] : [root]
  const ofDialect = dialect.tokenPaths.flatMap((path) => places.map((place) => place + path))
  return [root + tokenPath, ...ofDialect, root]
}
