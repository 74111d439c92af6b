import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'
import { refreshToken } from './refresh-token.ts'

/** Every grant that the token endpoint knows. */
export const grants: readonly Grant[] = [authorizationCode, refreshToken, clientCredentials]
