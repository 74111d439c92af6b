import type { Endpoint } from '#http'

/** An endpoint with what discovery says of it. */
export interface SmartEndpoint extends Endpoint {
  readonly advertised?: {
    /** Its member in the discovery documents: `token_endpoint` … */
    readonly member?: string
    /** Its name among the CapabilityStatement's oauth-uris, where it has one there. */
    readonly oauthUri?: 'authorize' | 'token' | 'register' | 'manage' | 'introspect' | 'revoke'
    /** SMART capabilities that it brings. */
    readonly capabilities?: readonly string[]
    /** Further members of both documents that it brings. */
    readonly members?: Readonly<Record<string, unknown>>
  }
}
