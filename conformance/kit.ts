/** The certification kit by its command line: one process for each run, no web server of it is needed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Target } from './filled-practice.ts'
import type { Suite } from './suites.ts'

const version = '8'
const webServer = 'http://127.0.0.1:4567'
/** All tests passed; some did not. Every other status is a fault of the run itself. */
const finished = [0, 3]

/** A result as the kit prints it; https://inferno-framework.github.io/inferno-core/api-docs/#/Result */
export interface KitResult {
  readonly test_id?: string
  readonly result: string
  readonly result_message?: string
  readonly optional: boolean
  readonly messages?: readonly { readonly type: string; readonly message: string }[]
  readonly requests: readonly { readonly verb: string; readonly url: string; readonly status: number }[]
}

export interface Kit {
  readonly folder: string
  readonly validator: string
}

/** Runs the API group of a suite, or only the groups and tests named. */
export async function execute(kit: Kit, suite: Suite, only: readonly string[], target: Target): Promise<KitResult[]> {
  await checkValidator(kit.validator)
  const inputs = [
    `url:${target.url}`,
    `patient_ids:${target.patients}`,
    `smart_auth_info:${JSON.stringify({ access_token: target.token })}`,
  ]
  const printed = await run(kit, [
    ...['inferno', 'execute', '--suite', suite.id, '--suite-options', 'smart_app_launch_version:smart_app_launch_2'],
    ...['--short-ids', ...(only.length > 0 ? only : [suite.group]), '--outputter', 'json', '--inputs', ...inputs],
  ])
  const start = printed.indexOf('[')
  if (start < 0) throw new Error(`The kit printed no results: ${printed.slice(0, 500)}`)
  return JSON.parse(printed.slice(start)) as KitResult[]
}

/** Without it each test of a profile would end as an error, after all its searches. */
async function checkValidator(url: string) {
  const isThere = await fetch(`${url}/validator/version`).then(
    ({ ok }) => ok,
    () => false,
  )
  if (!isThere) throw new Error(`No validator answers at ${url}: start HL7's, or take --validator none`)
}

async function run({ folder, validator }: Kit, args: readonly string[]): Promise<string> {
  const launcher = join(folder, 'kit')
  if (!existsSync(launcher)) throw new Error(`The certification kit is not in ${folder}: name its folder with --kit`)
  const env = { ...process.env, VALIDATOR: validator }
  const child = spawn(launcher, ['run', version, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [printed, complaints, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  if (status !== null && finished.includes(status)) return printed
  throw new Error(`The kit ended with status ${status}: ${printed.slice(-500)}${complaints.slice(-1500)}`)
}

/** A suite, a group or a test. */
export interface KitNode {
  readonly id: string
  readonly short_id: string
  readonly title: string
  readonly optional?: boolean
  readonly tests?: readonly KitNode[]
  readonly test_groups?: readonly KitNode[]
}

export type Titles = ReadonlyMap<string, { readonly shortId: string; readonly title: string }>

/** What a suite calls its tests. */
export function titlesIn(root: KitNode): Titles {
  const titles = new Map<string, { shortId: string; title: string }>()
  const visit = (node: KitNode) => {
    titles.set(node.id, { shortId: node.short_id, title: node.title })
    for (const child of [...(node.tests ?? []), ...(node.test_groups ?? [])]) visit(child)
  }
  visit(root)
  return titles
}

/** The same where the kit's web server runs; else nothing, as results only bear ids. */
export async function titlesOf(suite: string): Promise<Titles> {
  try {
    const answer = await fetch(`${webServer}/api/test_suites/${suite}`)
    return titlesIn((await answer.json()) as KitNode)
  } catch {
    console.error(`The kit's web server does not answer at ${webServer} (kit start ${version}): titles are left out`)
    return new Map()
  }
}
