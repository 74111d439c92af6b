import type { AppType } from '#platform'

/** Ways to authenticate an app, with the types of apps that use them and what discovery says of each. */
export const authenticationMethods = {
  client_secret_basic: { types: ['symmetric'], capability: 'client-confidential-symmetric' },
  client_secret_post: { types: ['symmetric'], capability: 'client-confidential-symmetric' },
  private_key_jwt: { types: ['asymmetric', 'backend'], capability: 'client-confidential-asymmetric' },
  none: { types: ['public'], capability: 'client-public' },
} as const satisfies Record<string, { readonly types: readonly AppType[]; readonly capability: string }>

export type AuthenticationMethod = keyof typeof authenticationMethods

export function usesMethod(type: AppType, method: AuthenticationMethod): boolean {
  const types: readonly AppType[] = authenticationMethods[method].types
  return types.includes(type)
}
