/**
 * Random requests against a server that listens: none may end in a fault, hang, or be refused in other than an
 * OperationOutcome, and the server must live.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { type Request, requestOf } from './mutations.ts'
import { type Random, seeded } from './random.ts'
import { idOf, type Known, type OfferedType, wantedSearch } from './searches.ts'
import { closeConnections, type Place, type Received, send } from './send.ts'

export interface Report {
  readonly statuses: ReadonlyMap<number, number>
  readonly withToken: number
  readonly requests: number
  readonly slowestMs: number
  /** What went wrong, each with its request. */
  readonly failures: readonly string[]
}

interface Target extends Place {
  readonly tokens: readonly string[]
  /** Why the process ended; undefined while it lives. */
  ended(): string | undefined
  /** Milliseconds that the process has worked. */
  processorMs(): Promise<number>
  close(): Promise<void>
}

/** Of the server's own work, which holds up all others. */
const hangMs = 2000
/** With what the database does for it: seconds already for `_revinclude:iterate=*` of what refers to hundreds. */
const longestMs = 15_000
/** On a busy machine one may wait for others: the quickest counts. */
const timesAgain = 3
const inFlight = 6

export async function fuzz(requests: number, seed: number, tell: (done: number) => void = () => {}): Promise<Report> {
  const target = await startServer()
  try {
    const run = new Run(target, await knownOf(target), seed)
    await run.all(requests, tell)
    return run.report()
  } finally {
    closeConnections()
    await target.close()
  }
}

async function startServer(): Promise<Target> {
  const child = spawn(process.execPath, [new URL('server.ts', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  })
  let end: string | undefined
  const exited = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      end = `the server ended with ${signal ?? code}`
      resolve()
    }),
  )
  const [line] = (await Promise.race([
    createInterface(child.stdout as Readable) // a pipe, as asked for
      [Symbol.asyncIterator]()
      .next()
      .then(({ value }) => [value as string]),
    exited.then(() => []),
  ])) as string[]
  if (line === undefined) throw new Error(end)
  const place = JSON.parse(line) as Place & { tokens: string[] }
  return {
    ...place,
    ended: () => end,
    async processorMs() {
      child.send('processorMs')
      const [milliseconds] = await Promise.race([once(child, 'message'), exited.then(() => assert.fail(end))])
      return milliseconds
    },
    async close() {
      child.stdin?.end()
      await exited
    },
  }
}

async function knownOf(target: Target): Promise<Known> {
  const [token] = target.tokens
  const get = async (path: string) =>
    JSON.parse((await send(target, { method: 'GET', target: path, headers: {}, body: undefined }, token)).text)
  const types = (await get('metadata')).rest[0].resource as OfferedType[]
  const ids = new Map<string, string[]>()
  for (const { fullUrl } of (await get('?_count=1000')).entry as { fullUrl: string }[]) {
    const [type = '', id = ''] = fullUrl.split('/').slice(-2)
    ids.set(type, [...(ids.get(type) ?? []), id])
  }
  return { types, ids, pages: [] }
}

interface Slow {
  readonly request: Request
  readonly token: string | undefined
}

class Run {
  readonly #target: Target
  readonly #known: Known
  readonly #seed: number
  readonly #statuses = new Map<number, number>()
  readonly #failures: string[] = []
  readonly #slow: Slow[] = []
  #withToken = 0
  #slowestMs = 0
  #made = 0

  constructor(target: Target, known: Known, seed: number) {
    this.#target = target
    this.#known = known
    this.#seed = seed
  }

  async all(requests: number, tell: (done: number) => void) {
    const lane = async () => {
      while (this.#made < requests && !this.#target.ended() && this.#failures.length < 200) {
        this.#made++
        if (this.#made % 1000 === 0) tell(this.#made)
        await this.#one()
      }
    }
    await Promise.all(Array.from({ length: inFlight }, lane))
    if (!this.#target.ended()) await this.#askSlowOnesAgain()
    const end = this.#target.ended()
    if (end) this.#failures.push(end)
  }

  async #one() {
    // of its own: what is asked does not hang on the order of answers, but for paging links
    const random = seeded(this.#seed * 10_000_000 + this.#made)
    const changes = random.chance(0.45) ? 0 : 1 + random.below(3)
    const request = requestOf(wantedSearch(this.#known, random), changes, random)
    const token = random.chance(0.96)
      ? this.#tokenAt(random.below(10))
      : random.of([undefined, 'x', `${this.#target.tokens[0]}x`, 'a b', '\u00ff'])
    if (token !== undefined && this.#target.tokens.includes(token)) this.#withToken++
    try {
      const received = await send(this.#target, request, token)
      this.#judge(request, token, received)
      if (received.status === 200) this.#learn(request, received.text, random)
    } catch (error) {
      this.#fail(`${error}`, request)
    }
  }

  #tokenAt(at: number): string | undefined {
    const { tokens } = this.#target
    return tokens[at < tokens.length ? at : 0]
  }

  #judge(request: Request, token: string | undefined, received: Received) {
    const { status, requestId, text, contentType } = received
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1)
    this.#slowestMs = Math.max(this.#slowestMs, received.milliseconds)
    if (status === 0 || status === 500 || status > 501) this.#fail(`answered ${status}: ${text.slice(0, 300)}`, request)
    if (!requestId) this.#fail(`answered ${status} without a request id`, request)
    if (status >= 400 && request.method !== 'HEAD' && !isOutcome(received))
      this.#fail(`answered ${status} with ${contentType} ${text.slice(0, 200)}`, request)
    if (received.milliseconds > hangMs) this.#slow.push({ request, token })
  }

  /** By themselves: while others are under way a slow one says little. */
  async #askSlowOnesAgain() {
    for (const { request, token } of this.#slow) {
      try {
        let [work, inAll] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
        for (let i = 0; i < timesAgain && (work > hangMs || inAll > longestMs); i++) {
          const before = await this.#target.processorMs()
          inAll = Math.min(inAll, (await send(this.#target, request, token)).milliseconds)
          work = Math.min(work, (await this.#target.processorMs()) - before)
        }
        if (work > hangMs || inAll > longestMs)
          this.#fail(`took ${Math.round(inAll)} ms, ${Math.round(work)} of them the server's`, request)
      } catch (error) {
        this.#fail(`${error}`, request)
      }
    }
  }

  /** Keeps some paging links, to be called, altered and called by others. */
  #learn({ target }: Request, text: string, random: Random) {
    if (!random.chance(0.1)) return
    const found = /"relation":\s*"next",\s*"url":\s*"[^"]*?_page=([^"&]+)/.exec(text)?.[1]
    if (!found) return
    const token = decodeURIComponent(found)
    const { pages } = this.#known
    const path = target.split('?')[0]?.replace(/\/?_search$/, '') ?? ''
    pages.push(
      { path, token },
      { path, token: token.replace(/.$/, 'x') },
      { path: idOf(this.#known, 'Patient', random), token },
    )
    if (pages.length > 60) pages.splice(0, 3)
  }

  #fail(what: string, { method, target, headers, body }: Request) {
    this.#failures.push(
      `${what}\n  ${method} ${target.slice(0, 600)} ${JSON.stringify(headers).slice(0, 300)} ${JSON.stringify(body ?? '').slice(0, 600)}`,
    )
  }

  report(): Report {
    const requests = [...this.#statuses.values()].reduce((sum, count) => sum + count, 0)
    return {
      statuses: new Map([...this.#statuses].sort(([a], [b]) => a - b)),
      withToken: this.#withToken,
      requests,
      slowestMs: this.#slowestMs,
      failures: this.#failures,
    }
  }
}

function isOutcome({ text, contentType }: Received): boolean {
  // a compressed body is not unpacked
  if (text === '') return contentType.startsWith('application/fhir+json') || contentType.startsWith('application/json')
  try {
    return (JSON.parse(text) as { resourceType?: string }).resourceType === 'OperationOutcome'
  } catch {
    return false
  }
}

export function table({ statuses, requests, withToken, slowestMs }: Report): string {
  const share = (count: number) => `${((100 * count) / requests).toFixed(1).padStart(5)} %`
  const rows = [...statuses].map(([status, count]) => `| ${status} | ${String(count).padStart(7)} | ${share(count)} |`)
  return [
    '| status | requests | share |',
    '|---|---|---|',
    ...rows,
    '',
    `${requests} requests, ${share(withToken).trim()} with a valid token, slowest ${Math.round(slowestMs)} ms`,
  ].join('\n')
}

/** What the run must keep to besides; undefined when it did. */
export function shortfall({ statuses, requests, withToken }: Report): string | undefined {
  if (withToken < 0.9 * requests) return 'less than 90 % had a valid token'
  return (statuses.get(200) ?? 0) < 0.3 * requests ? 'less than 30 % were answered 200' : undefined
}
