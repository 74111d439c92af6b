/** Runs a suite group by group in one session of the kit, as what one group stores another needs; Bulk Data 1.0.1 apart. */
import type { KitNode, KitResult } from '../kit.ts'
import {
  type KitGroup,
  type KitInput,
  type KitRun,
  type KitServer,
  type KitSession,
  openSession,
} from './kit-server.ts'
import type { AuthorizationSuite, Step } from './suites.ts'
import type { RegisteredApp, TestedPractice } from './tested-practice.ts'
import { goOn } from './tester.ts'

export interface Driven {
  readonly results: readonly KitResult[]
  /** Of each session. */
  readonly trees: readonly KitGroup[]
}

interface Drive {
  readonly suite: AuthorizationSuite
  readonly session: KitSession
  readonly practice: TestedPractice
  /** Inputs that are no app, by name. */
  readonly values: Readonly<Record<string, string>>
  /** The app of an input, registered when it is first wanted. */
  appOf(input: string): Promise<RegisteredApp>
}

export async function drive(
  kit: KitServer,
  suite: AuthorizationSuite,
  only: readonly string[],
  { practice, patients }: { readonly practice: TestedPractice; readonly patients: string },
): Promise<Driven> {
  const apps = new Map<string, Promise<RegisteredApp>>()
  const appOf = (input: string) => {
    const wanted = suite.apps[input] ?? { type: 'symmetric' }
    const app = apps.get(input) ?? practice.register(suite, `${suite.id} ${input}`, wanted)
    apps.set(input, app)
    return app
  }
  const asker = await appOf('introspection')
  const values = {
    url: practice.url,
    expected_resources: 'patient, condition, observation',
    additional_patient_ids: patients,
    token_revocation_attestation: 'true',
    custom_authorization_header: `Authorization: ${basic(asker)}`,
    user_access_brands_publication_url: `${practice.root}/brands`,
    endpoint_availability_success_rate: 'all',
    ...{ bulk_server_url: practice.url, group_id: practice.group, bulk_patient_ids_in_group: patients },
  }
  const { sessions, groups } = await openSessions(kit, suite)
  const wanted = groups.filter(({ group }) => only.length === 0 || only.includes(group.short_id))
  for (const { step, group, session } of wanted) {
    console.error(`${suite.id} ${group.short_id} ${group.title}`)
    // What another group needs may still be there; tests without a result count as missed
    await runStep({ suite, session, practice, values, appOf }, step, group).catch((error: Error) =>
      console.error(`  ${error.message}`),
    )
  }
  const results = (await Promise.all(sessions.map((session) => session.results()))).flat()
  return { results: [...results, ...leftOut(wanted, results)], trees: sessions.map((session) => session.suite) }
}

/** A session for the suite, one more for each step with options of its own, and each step's group in it. */
async function openSessions(kit: KitServer, suite: AuthorizationSuite) {
  const main = await openSession(kit, suite.kitSuite, suite.options)
  const sessions = [main]
  const groups: { step: Step; group: KitGroup; session: KitSession }[] = []
  for (const step of suite.steps) {
    const options = step.options && { ...suite.options, ...step.options }
    const session = options ? await openSession(kit, suite.kitSuite, options) : main
    if (options) sessions.push(session)
    groups.push({ step, group: groupOf(session.suite, step.group), session })
  }
  return { sessions, groups }
}

/** A group by the end of its id; that of its version where it has several. */
function groupOf(suite: KitGroup, name: string): KitGroup {
  const all = (suite.test_groups ?? []).flatMap((group) => [group, ...(group.test_groups ?? [])])
  const found = all.find(({ id }) => id.replace(/_stu2(_2)?$/, '').endsWith(`-${name}`))
  if (!found) throw new Error(`The suite ${suite.id} has no group ${name}`)
  return found
}

async function runStep(drive: Drive, step: Step, group: KitGroup): Promise<void> {
  const { session, practice, appOf } = drive
  if (step.revokesFirst) await revokeStandalone(drive)
  const inputs: Record<string, string> = {}
  const stored = await session.stored()
  for (const input of group.inputs ?? []) inputs[input.name] = await inputValue(drive, input, stored)
  const launched = (group.inputs ?? []).find(({ name }) => name.startsWith('ehr_'))
  const launch = async () => practice.launch((await appOf(launched?.name ?? '')).client_id)
  let run = await session.start(group.id, inputs)
  while (run.status === 'waiting') run = await afterWait(session, run, (wait) => goOn({ practice, step, launch }, wait))
  if (run.status !== 'done') throw new Error(`The kit left group ${group.short_id} ${run.status}`)
}

/** A test at which we cannot go on is cancelled with the rest of its group. */
async function afterWait(
  session: KitSession,
  { id, results }: KitRun,
  answer: (wait: KitRun['results'][number]) => Promise<void>,
): Promise<KitRun> {
  const wait = results.findLast(({ result, test_id }) => result === 'wait' && test_id !== undefined)
  if (!wait) throw new Error('The kit waits, but none of its tests does')
  try {
    await answer(wait)
  } catch (error) {
    console.error(`  ${wait.test_id?.split('-').at(-1)}: ${(error as Error).message}`)
    await session.cancel(id)
  }
  return session.run(id)
}

async function inputValue(
  { suite, practice, values, appOf }: Drive,
  { name, type, default: usual, options }: KitInput,
  stored: ReadonlyMap<string, string>,
): Promise<string> {
  const wanted = suite.apps[name]
  if (type !== 'auth_info' || !wanted) return values[name] ?? stored.get(name) ?? usual ?? ''
  const members = Object.fromEntries((options?.components ?? []).map((each) => [each.name, each.default]))
  const { client_id, client_secret, jwks } = await appOf(name)
  return JSON.stringify({
    ...{
      use_discovery: 'true',
      pkce_support: 'enabled',
      pkce_code_challenge_method: 'S256',
      auth_request_method: 'GET',
    },
    ...Object.fromEntries(Object.entries(members).filter(([, value]) => value)),
    ...(JSON.parse(stored.get(name) || '{}') as object),
    auth_type: wanted.type === 'backend' ? 'backend_services' : wanted.type,
    ...{ client_id, ...(client_secret !== undefined && { client_secret }) },
    ...(wanted.scope && { requested_scopes: wanted.scope(members.requested_scopes ?? '') }),
    ...(['asymmetric', 'backend'].includes(wanted.type) && { encryption_algorithm: 'ES384' }),
    ...(jwks !== undefined && { use_discovery: false, token_url: (await discovered(practice)).token_endpoint, jwks }),
  })
}

/** As its user would, between two groups; the kit is then given the tokens that it had. */
async function revokeStandalone({ session, values, practice }: Drive): Promise<void> {
  const text = (await session.stored()).get('standalone_smart_auth_info') ?? '{}'
  const { refresh_token = '', client_id = '', client_secret = '' } = JSON.parse(text) as Record<string, string>
  const { revocation_endpoint } = await discovered(practice)
  const answer = await fetch(revocation_endpoint, {
    method: 'POST',
    headers: { authorization: basic({ client_id, client_secret }) },
    body: new URLSearchParams({ token: refresh_token }),
  })
  if (!answer.ok) throw new Error(`The tokens could not be revoked: ${answer.status} ${await answer.text()}`)
  Object.assign(values, { smart_auth_info: text })
}

async function discovered({ url }: TestedPractice) {
  const answer = await fetch(`${url}/.well-known/smart-configuration`)
  return (await answer.json()) as { revocation_endpoint: string; token_endpoint: string }
}

function basic({ client_id, client_secret = '' }: RegisteredApp): string {
  return `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`
}

/** The tests of groups that could not be run. */
function leftOut(wanted: readonly { readonly group: KitGroup }[], results: readonly KitResult[]): readonly KitResult[] {
  const known = new Set(results.map(({ test_id }) => test_id))
  const testsIn = ({ tests = [], test_groups = [] }: KitNode): readonly KitNode[] => [
    ...tests,
    ...test_groups.flatMap(testsIn),
  ]
  return wanted
    .flatMap(({ group }) => testsIn(group))
    .filter(({ id }) => !known.has(id))
    .map(({ id, optional = false }) => ({ test_id: id, result: 'not run', optional, requests: [] }))
}
