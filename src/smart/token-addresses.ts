import type { Practice } from '#http'

export const tokenPath = '/auth/token'

/** Where a practice's token endpoint answers. */
export function tokenUrls({ root, dialect }: Practice): readonly string[] {
  return [tokenPath, ...dialect.tokenPaths].map((path) => root + path)
}

/** What an assertion may name as its audience: the token endpoint by any of its addresses, or the issuer. */
export function audiencesOf(practice: Practice): string[] {
  return [...tokenUrls(practice), practice.root]
}
