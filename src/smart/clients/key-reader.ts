/**
 * Key sets of apps that gave a URL. A set is kept as long as its Cache-Control allows. Who names a key that is not in it
 * makes it read again, at most every ten seconds; after a failure the wait grows, and nothing that is too old is used.
 */
import { valueAt } from '#lib'
import { type App, type KeySet, readKeySet } from '#platform'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import type { Fetched } from './fetch-text.ts'
import { freshSeconds } from './freshness.ts'

export interface ReadSet {
  readonly set: KeySet
  /** Milliseconds since 1970; undefined: it was registered as it is. */
  readonly readAt?: number
}

/** The keys of an app; read again when `holds` misses what is wanted. */
export type KeyReader = (app: App, holds: (set: KeySet) => boolean) => Promise<ReadSet>

interface KeyReaderOptions {
  readonly fetchText: (url: string) => Promise<Fetched>
  readonly now: () => number
}

interface Source {
  held: (Required<ReadSet> & { readonly freshUntil: number }) | undefined
  failures: number
  /** No attempt before. */
  retryAt: number
  reading: Promise<Required<ReadSet>> | undefined
}

const againMs = 10_000
const longestWaitMs = 60_000
const mostSources = 10_000

export function openKeyReader({ fetchText, now }: KeyReaderOptions): KeyReader {
  const sources = new Map<string, Source>()

  async function read(source: Source, url: string): Promise<Required<ReadSet>> {
    const readAt = now()
    try {
      const { text, headers } = await fetchText(url)
      const held = { set: readKeySet(text), readAt, freshUntil: readAt + freshSeconds(headers) * 1000 }
      Object.assign(source, { held, failures: 0, retryAt: 0 })
      return held
    } catch (cause) {
      source.failures++
      source.retryAt = now() + Math.min(longestWaitMs, 1000 * 2 ** source.failures)
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new OAuthProblem('invalid_client', `The keys of this app cannot be read from its JWKS URL: ${reason}`, {
        cause,
      })
    } finally {
      source.reading = undefined
    }
  }

  return async ({ client, record: { keys } }, holds) => {
    if (!keys) return { set: { keys: [] } }
    if ('set' in keys) return keys
    if (sources.size > mostSources) sources.clear()
    const source = valueAt(sources, `${client} ${keys.url}`, newSource)
    const { held } = source
    const isFresh = held !== undefined && now() < held.freshUntil
    if (isFresh && (holds(held.set) || now() < held.readAt + againMs)) return held
    if (now() < source.retryAt) {
      if (isFresh) return held
      const seconds = Math.ceil((source.retryAt - now()) / 1000)
      throw new OAuthProblem(
        'invalid_client',
        `The keys of this app could not be read from its JWKS URL: it is tried again in ${seconds} s`,
      )
    }
    source.reading ??= read(source, keys.url)
    return isFresh ? source.reading.catch(() => held) : source.reading
  }
}

function newSource(): Source {
  return { held: undefined, failures: 0, retryAt: 0, reading: undefined }
}
