/** The kit's web server and its REST API; specs/certification.md 4.3. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Kit, KitNode, KitResult } from '../kit.ts'

const version = '8'
/** Beside 4567, where somebody may have one with another validator. */
const port = '4570'
const moreSeconds = 180

export interface KitServer extends AsyncDisposable {
  readonly url: string
}

/** Starts one of our own, as it has to use the validator of this run. */
export async function startKitServer({ folder, validator }: Kit): Promise<KitServer> {
  const launcher = join(folder, 'kit')
  if (!existsSync(launcher)) throw new Error(`The certification kit is not in ${folder}: name its folder with --kit`)
  const launch = (...args: readonly string[]) =>
    promisify(execFile)(launcher, [...args, version, port], { env: { ...process.env, VALIDATOR: validator } })
  const url = `http://127.0.0.1:${port}`
  await launch('start').catch((cause) => untilAnswers(url, cause))
  return {
    url,
    async [Symbol.asyncDispose]() {
      await launch('stop')
    },
  }
}

/** Its launcher gives up after two minutes, which are not enough where much else runs. */
async function untilAnswers(url: string, cause: unknown): Promise<void> {
  for (let second = 0; second < moreSeconds; second++) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    if (await call('GET', `${url}/api/version`).catch(() => undefined)) return
  }
  throw cause
}

/** A group as the kit describes it. */
export interface KitGroup extends KitNode {
  readonly inputs?: readonly KitInput[]
  readonly test_groups?: readonly KitGroup[]
}

export interface KitInput {
  readonly name: string
  readonly type?: string
  readonly default?: string
  readonly options?: { readonly components?: readonly { readonly name: string; readonly default?: string }[] }
}

/** A result with what a waiting test tells: where its tester has to go. */
export interface SessionResult extends KitResult {
  readonly outputs: readonly { readonly name: string; readonly value: string | null }[]
}

export interface KitRun {
  readonly id: string
  readonly status: 'queued' | 'running' | 'waiting' | 'cancelling' | 'done'
  readonly results: readonly SessionResult[]
}

export interface KitSession {
  readonly suite: KitGroup
  /** Stored inputs and outputs. */
  stored(): Promise<ReadonlyMap<string, string>>
  /** Runs until it waits for its tester or has ended. */
  start(group: string, inputs: Readonly<Record<string, string>>): Promise<KitRun>
  run(id: string): Promise<KitRun>
  cancel(id: string): Promise<void>
  /** The current result of every test that has run. */
  results(): Promise<readonly SessionResult[]>
}

export async function openSession(
  { url }: KitServer,
  suite: string,
  options: Readonly<Record<string, string>>,
): Promise<KitSession> {
  const chosen = Object.entries(options).map(([id, value]) => ({ id, value }))
  const ask = async <Answer>(method: string, path: string, body?: object) =>
    JSON.parse((await call(method, `${url}/api/${path}`, body)) || 'null') as Answer
  const created = await ask<{ id: string; test_suite: KitGroup }>('POST', 'test_sessions', {
    test_suite_id: suite,
    suite_options: chosen,
  })
  const run = (id: string) => ask<KitRun>('GET', `test_runs/${id}?include_results=true`)
  return {
    suite: created.test_suite,
    async stored() {
      const data = await ask<{ name: string; value: string }[]>('GET', `test_sessions/${created.id}/session_data`)
      return new Map(data.map(({ name, value }) => [name, value]))
    },
    async start(group, inputs) {
      const started = await ask<{ id: string }>('POST', 'test_runs', {
        test_session_id: created.id,
        test_group_id: group,
        inputs: Object.entries(inputs).map(([name, value]) => ({ name, value })),
      })
      return run(started.id)
    },
    run,
    async cancel(id) {
      await call('DELETE', `${url}/api/test_runs/${id}`)
    },
    results: () => ask('GET', `test_sessions/${created.id}/results`),
  }
}

/** Goes where a waiting test is to go on; it answers when the next one waits, or all are done. Redirects are not followed. */
export async function visit(url: string): Promise<void> {
  await call('GET', url)
}

/** Not by fetch, which gives up after five minutes: a group of searches takes longer. */
async function call(method: string, url: string, body?: object): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<import('node:http').IncomingMessage>()
  request(url, { method, headers: { 'content-type': 'application/json' } }, resolve)
    .on('error', reject)
    .end(body && JSON.stringify(body))
  const answer = await promise
  const said = await text(answer)
  if ((answer.statusCode ?? 500) < 400) return said
  throw new Error(`The kit answered ${method} ${url.split('?')[0]} with ${answer.statusCode}: ${said.slice(0, 500)}`)
}
