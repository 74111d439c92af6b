/** The authorization server: for now the tokens that it issues and their check. */
export { authenticate, type Grant, issueAccessToken } from './tokens/access-tokens.ts'
export { removeExpiredTokens } from './tokens/expired-tokens.ts'
