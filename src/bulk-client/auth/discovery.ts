import { Problem } from '#lib'
import { refusal } from '../outcomes.ts'
import { addressFrom } from '../web/address.ts'
import { type Answer, textOf } from '../web/exchange.ts'

export interface Discovered {
  readonly tokenUrl: URL
  readonly capabilities: readonly string[]
  readonly scopes: readonly string[]
}

/** https://hl7.org/fhir/smart-app-launch/conformance.html#using-well-known */
export async function discover(base: URL, ask: (url: URL) => Promise<Answer>): Promise<Discovered> {
  const url = new URL(`${base.href.replace(/\/$/, '')}/.well-known/smart-configuration`)
  const answer = await ask(url)
  if (answer.status !== 200)
    throw await refusal(`${url.href} says nothing; name the token endpoint with --token-url`, answer)
  const content = parsed(await textOf(answer))
  if (typeof content?.token_endpoint !== 'string') {
    throw new Problem('unavailable', `${url.href} names no token_endpoint; name it with --token-url`)
  }
  return {
    tokenUrl: addressFrom(content.token_endpoint, answer.url),
    capabilities: strings(content.capabilities),
    scopes: strings(content.scopes_supported),
  }
}

/**
 * All that a client may read. The old spelling is the better known one, so the new one is for servers that have no other.
 * Some have no star: they are asked for what they list.
 */
export function usualScope({ capabilities, scopes }: Pick<Discovered, 'capabilities' | 'scopes'>): string {
  const onlyV2 = capabilities.includes('permission-v2') && !capabilities.includes('permission-v1')
  const star = onlyV2 ? 'system/*.rs' : 'system/*.read'
  const readable = scopes.filter((scope) => /^system\/(\*|[A-Za-z]+)\.(read|rs?)$/.test(scope))
  if (readable.some((scope) => scope.startsWith('system/*.'))) return star
  const old = readable.filter((scope) => scope.endsWith('.read'))
  const listed = onlyV2 || old.length === 0 ? readable.filter((scope) => !old.includes(scope)) : old
  return listed.join(' ') || star
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function parsed(text: string): Partial<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
