import { dialects } from '#dialects'
import type { Endpoint, Practice } from '#http'
import { fetchText } from './clients/fetch-text.ts'
import { openKeyReader } from './clients/key-reader.ts'
import { oauthUris } from './discovery/discovery.ts'
import { authorizeEndpoints } from './endpoints/authorize.ts'
import { continueEndpoints } from './endpoints/authorize-continue.ts'
import { brands } from './endpoints/brands.ts'
import { discoveryDocuments } from './endpoints/discovery-documents.ts'
import { endOfLaunch } from './endpoints/end-launch.ts'
import { introspection } from './endpoints/introspect.ts'
import { keySet } from './endpoints/jwks.ts'
import { launching } from './endpoints/launch.ts'
import { launchStyle } from './endpoints/launch-style.ts'
import { ownPages } from './endpoints/own-pages.ts'
import { revocation } from './endpoints/revoke.ts'
import { signOut } from './endpoints/sign-out.ts'
import type { SmartEndpoint } from './endpoints/smart-endpoint.ts'
import { tokenEndpoints } from './endpoints/token.ts'
import { tokenPages } from './endpoints/token-page.ts'
import { userinfo } from './endpoints/userinfo.ts'
import { requestLimit } from './limits/request-limit.ts'
import type { SmartParts } from './parts.ts'
import { endOnlineAccess, personsGrants } from './revocation/persons-grants.ts'
import { refusedWithPage } from './screens/page-endpoint.ts'
import { openSessions } from './sessions/sessions.ts'

export interface AuthorizationServer {
  readonly endpoints: readonly Endpoint[]
  /** How a page tells a failure. */
  readonly refused: Endpoint['refused']
  /** Names and addresses for the CapabilityStatement of a practice. */
  readonly oauthUris: (practice: Practice) => readonly (readonly [name: string, url: string])[]
}

export function authorizationServer(parts: SmartParts): AuthorizationServer {
  const { isDevelopment, now, typesOf, settingsOf } = parts
  const keysOf = openKeyReader({ fetchText: (url) => fetchText(url, { isDevelopment }), now })
  const sessions = openSessions({ ...parts, onEnd: (practice, session) => endOnlineAccess(parts, practice, session) })
  const ofClients = { ...parts, sessions, keysOf, limit: requestLimit(now) }
  const endpoints: readonly SmartEndpoint[] = [
    ...authorizeEndpoints(ofClients),
    ...continueEndpoints(ofClients),
    launching(ofClients),
    endOfLaunch(ofClients),
    launchStyle,
    ...userinfo(parts),
    ...tokenEndpoints(
      ofClients,
      Object.values(dialects).flatMap(({ tokenPaths }) => tokenPaths),
    ),
    introspection(ofClients),
    revocation(ofClients),
    keySet(parts),
    brands(parts),
    ...tokenPages(ofClients),
    ...ownPages(personsGrants(parts, sessions)),
    ...signOut({ ...parts, sessions }),
  ]
  return {
    endpoints: [...endpoints, ...discoveryDocuments({ endpoints, typesOf, settingsOf })],
    refused: refusedWithPage(settingsOf),
    oauthUris: (practice) => oauthUris(endpoints, practice),
  }
}
