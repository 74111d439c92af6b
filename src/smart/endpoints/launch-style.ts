import { styleDocument, stylePath } from '../discovery/style-document.ts'
import { oauthReply, publicReply } from '../oauth/oauth-replies.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

const day = 86_400

export const launchStyle: SmartEndpoint = {
  ...{ method: 'GET', path: stylePath, below: 'root', name: 'style', readers: 'any' },
  answer: () => publicReply(styleDocument, day),
  refused: oauthReply,
}
