import { discover } from './auth/discovery.ts'
import { backendTokens, givenToken, type Tokens } from './auth/tokens.ts'
import type { Credentials, Download, DownloadContext } from './download.ts'
import { exchange } from './web/exchange.ts'
import { type Wait, wait } from './web/patience.ts'
import { connect, patiently, type Server } from './web/server.ts'

/** The server that a download is from, spoken to as its credentials say. */
export function connectTo(
  { kickOff: { base }, credentials, tokenOrigins }: Download,
  context: DownloadContext,
): Server {
  const waiting = context.wait ?? wait
  const known = { signal: context.signal, wait: waiting, tell: context.tell }
  const tokens = tokensOf(credentials, { base, ...known })
  return connect({ ...known, tokens, origins: new Set([base.origin, ...tokenOrigins]) })
}

type Known = Pick<DownloadContext, 'signal' | 'tell'> & { readonly base: URL; readonly wait: Wait }

function tokensOf(credentials: Credentials, { base, ...known }: Known): Tokens {
  if (credentials.kind !== 'backend') return givenToken(credentials.kind === 'token' ? credentials.token : undefined)
  const { tokenUrl } = credentials
  const stranger = connect({ ...known, tokens: givenToken(undefined), origins: new Set() })
  return backendTokens({
    ...credentials,
    discovered: async () =>
      tokenUrl
        ? { tokenUrl, capabilities: [], scopes: [] }
        : discover(base, (url) => stranger.ask(url, { follows: true, headers: { accept: 'application/json' } })),
    ask: (url, make) => patiently(url, async () => exchange(url, await make(), known.signal), known),
  })
}
