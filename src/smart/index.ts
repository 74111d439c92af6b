/** The authorization server: its endpoints, the tokens that it issues and their check. */
export { type AuthorizationServer, authorizationServer } from './authorization-server.ts'
export { type Fetched, fetchText } from './clients/fetch-text.ts'
export type { SmartParts } from './parts.ts'
export { switchApp, switchAppAt } from './switch-app.ts'
export { authenticate, type Grant, issueAccessToken } from './tokens/access-tokens.ts'
export { removeSpentAssertions } from './tokens/assertions.ts'
export { removeExpiredTokens } from './tokens/expired-tokens.ts'
