import type { Endpoint } from '#http'
import { type Offered, openidConfiguration, smartConfiguration } from '../discovery/discovery.ts'
import { oauthReply, publicReply } from '../oauth/oauth-replies.ts'

/** A change of the practice's settings is seen within five seconds; apps read this at every launch. */
const keptSeconds = 5

export function discoveryDocuments(offered: Offered): readonly Endpoint[] {
  const shared = { method: 'GET', readers: 'any', refused: oauthReply } as const
  // C6: a described system has it under the name of a file
  const smart = ['/.well-known/smart-configuration', '/.well-known/smart-configuration.json'].map(
    (path): Endpoint => ({
      ...shared,
      ...{ path, below: 'bases', name: 'smart-configuration' },
      answer: ({ practice }) => publicReply(smartConfiguration(offered, practice), keptSeconds),
    }),
  )
  const openid: Endpoint = {
    ...shared,
    ...{ path: '/.well-known/openid-configuration', below: 'root', name: 'openid-configuration' },
    answer: ({ practice }) => publicReply(openidConfiguration(offered, practice), keptSeconds),
  }
  return [...smart, openid]
}
