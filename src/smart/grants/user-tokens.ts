import type { Runner } from '#db'
import type { Practice } from '#http'
import type { App } from '#platform'
import { contextMembers } from '../launches/launch-context.ts'
import type { SmartParts } from '../parts.ts'
import { newToken } from '../tokens/access-tokens.ts'
import type { StoredGrant } from '../tokens/grant-store.ts'
import { addRefresh } from '../tokens/refresh-store.ts'
import { addUserToken } from '../tokens/user-token-store.ts'
import type { Granted } from './grant.ts'

interface Giving {
  readonly parts: SmartParts
  readonly practice: Practice
  readonly app: App
  readonly grant: StoredGrant
  /** Of the access token. */
  readonly scope: string
  /** The refresh token that takes the place of the one before, and its scope. */
  readonly refresh?: { readonly token: string; readonly scope: string }
}

/** Gives an access token for a grant, and a refresh token where it gives more than one; the grant is held. */
export async function giveTokens(transaction: Runner, giving: Giving): Promise<Granted> {
  const { parts, practice, app, grant, scope } = giving
  const settings = parts.settingsOf(practice)
  const seconds = settings['tokenSeconds.user']
  const token = await addUserToken(transaction, grant, { scope, seconds })
  const refresh = grant.access === 'once' ? undefined : (giving.refresh ?? { token: newToken(), scope })
  if (refresh) {
    await addRefresh(transaction, {
      ...{ practice: practice.number, grantId: grant.id, client: app.client, ...refresh },
      seconds: settings.refreshDays * 86_400,
      until: grant.refreshUntil,
    })
  }
  return {
    ...{ token, scope, seconds },
    ...(grant.fhirUser !== undefined && { user: grant.fhirUser }),
    members: {
      ...(refresh && { refresh_token: refresh.token }),
      ...contextMembers(grant.context.launch, app.record),
    },
  }
}
