import { publishedKeys } from '../keys/published-keys.ts'
import { oauthReply, publicReply } from '../oauth-replies.ts'
import type { SmartParts } from '../parts.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** Far shorter than the time that a key is published before it signs. */
const keptSeconds = 300

/** The public keys of the practice's own signatures. https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export function keySet({ db, now }: SmartParts): SmartEndpoint {
  return {
    ...{ method: 'GET', path: '/auth/jwks', below: 'root', name: 'jwks', readers: 'any' },
    async answer({ practice }) {
      const keys = await publishedKeys(db, practice.number, now())
      return publicReply({ keys: keys.map(({ publicKey }) => publicKey) }, keptSeconds)
    },
    refused: oauthReply,
    advertised: { member: 'jwks_uri' },
  }
}
