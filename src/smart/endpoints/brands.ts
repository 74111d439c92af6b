import type { Practice } from '#http'
import { brandsBundle, brandsPath } from '../discovery/brands-bundle.ts'
import { oauthReply } from '../oauth/oauth-replies.ts'
import type { SmartParts } from '../parts.ts'
import { managePath } from './own-pages.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

/** An hour: directories read it now and then. */
const keptSeconds = 3600

/** Open to pages everywhere, also to readers that name no origin (https://hl7.org/fhir/smart-app-launch/brands.html). */
export function brands({ settingsOf }: Pick<SmartParts, 'settingsOf'>): SmartEndpoint {
  return {
    ...{ method: 'GET', path: brandsPath, below: 'root', name: 'brands', readers: 'any' },
    answer: ({ practice }) => ({
      headers: {
        'cache-control': `public, max-age=${keptSeconds}`,
        'access-control-allow-origin': '*',
        etag: `W/"${practice.revision}"`,
      },
      type: 'application/fhir+json; charset=utf-8',
      body: JSON.stringify(
        brandsBundle(practice, settingsOf(practice), practice.root + managePath, changedAt(practice)),
      ),
    }),
    refused: oauthReply,
    advertised: { member: 'user_access_brand_bundle' },
  }
}

/** The revision of a practice is the second of its last change. */
function changedAt({ revision }: Pick<Practice, 'revision'>): Date {
  return new Date(Number(revision) * 1000)
}
