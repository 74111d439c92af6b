import { kept } from '#lib'
import { publishedKeys } from '../keys/published-keys.ts'
import { oauthReply, publicReply } from '../oauth/oauth-replies.ts'
import type { SmartParts } from '../parts.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** Far shorter than the time that a key is published before it signs. */
const keptSeconds = 300

/** The public keys of the practice's own signatures. https://www.rfc-editor.org/rfc/rfc7517#section-5 */
export function keySet(parts: SmartParts): SmartEndpoint {
  const { now } = parts
  // anybody may ask, and the first who does has keys made
  const keysOf = kept((practice) => publishedKeys(parts, Number(practice), now()), { milliseconds: 5000, now })
  return {
    ...{ method: 'GET', path: '/auth/jwks', below: 'root', name: 'jwks', readers: 'any' },
    async answer({ practice }) {
      const keys = await keysOf(String(practice.number))
      return publicReply({ keys: keys.map(({ publicKey }) => publicKey) }, keptSeconds)
    },
    refused: oauthReply,
    advertised: { member: 'jwks_uri' },
  }
}
