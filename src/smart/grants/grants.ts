import { clientCredentials } from './client-credentials.ts'
import type { Grant } from './grant.ts'

/** Every grant that the token endpoint knows. */
export const grants: readonly Grant[] = [clientCredentials]
