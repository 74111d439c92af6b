/**
 * Switching an app off ends all that it was given, for good: its next call at any process is 401, and people are asked again
 * when it is on again. A process that has not heard of it yet may give something more within five seconds; that opens nothing
 * while the app is off, and is ended by whoever switches it on.
 */
import type { Database } from '#db'
import type { Report } from '#http'
import { Problem } from '#lib'
import {
  type App,
  type AppState,
  appNamed,
  endBareSuspension,
  findPermission,
  isOnAt,
  listPractices,
  type PermissionState,
  type Permitting,
  permitApp,
  servesPatients,
  setAppState,
  setPermissionState,
  suspendApp,
} from '#platform'
import { endApp } from './end-app.ts'

/** An administrator, or the operator, at work. */
export interface Acting {
  readonly db: Database
  readonly report: Report
  /** A user name, or `operator`. */
  readonly user: string
  /** Undefined: on a command line. */
  readonly request?: string
}

interface Switch<State> {
  readonly client: string
  readonly state: State
  readonly reason?: string | undefined
}

interface PracticeId {
  readonly number: number
  readonly id: string
}

/** At the whole platform; how many grants and tokens it lost. */
export async function switchApp(acting: Acting, { client, ...change }: Switch<AppState>): Promise<number> {
  const { db } = acting
  const before = (await appNamed(db, client)).state
  const stays = (practice: PracticeId) => isOnAt(before, practice) && isOnAt(change.state, practice)
  const isOff = change.state !== 'approved'
  if (isOff) await setAppState(db, client, change)
  const because = `the app is ${change.state} at the platform`
  let ended = 0
  for (const practice of await listPractices(db)) {
    if (!stays(practice)) ended += await endApp(db, practice.number, { client, because })
  }
  if (!isOff) await setAppState(db, client, change)
  tell(acting, { client, ...change, ended })
  return ended
}

/** At one practice, which keeps what it permitted; how many grants and tokens it lost. */
export async function switchAppAt(
  acting: Acting,
  practice: PracticeId,
  change: Switch<PermissionState>,
): Promise<number> {
  const { db } = acting
  const app = await appNamed(db, change.client)
  const ended =
    change.state === 'enabled' ? await enable(db, practice, app) : await close(db, practice, { app, change })
  tell(acting, { practice: practice.id, ...change, ended })
  return ended
}

/** Permits an app, in place of what was permitted before. */
export async function permitAppAt(
  acting: Acting,
  practice: PracticeId,
  { client, ...permission }: Permitting & { readonly client: string },
): Promise<void> {
  const { db } = acting
  const before = await findPermission(db, practice.number, client)
  if (before && before.state !== 'enabled') await endLeftovers(db, practice, client)
  await permitApp(db, practice.number, client, permission)
  const { report, user, request } = acting
  report({
    ...{ event: 'app-change', change: 'permitted', practice: practice.id, client, user, request },
    ...{ state: 'enabled', scope: permission.scopes },
  })
}

async function enable(db: Database, practice: PracticeId, { client, ...app }: App): Promise<number> {
  const before = await findPermission(db, practice.number, client)
  if (before?.state === 'enabled' || (!before && servesPatients(app))) return 0
  const ended = await endLeftovers(db, practice, client)
  if (await endBareSuspension(db, practice.number, client)) return ended
  if (!(await setPermissionState(db, practice.number, client, { state: 'enabled' })))
    throw neverPermitted(practice, client)
  return ended
}

function endLeftovers(db: Database, { number }: PracticeId, client: string): Promise<number> {
  return endApp(db, number, { client, because: 'the app was off at the practice' })
}

interface Closing {
  readonly app: App
  readonly change: Switch<PermissionState>
}

/** Patients may use the apps of their choice: a practice can only suspend one, and has to say why (specs/model.md 1). */
async function close(db: Database, { number, id }: PracticeId, { app, change }: Closing): Promise<number> {
  const { client, state, reason } = change
  const isForPatients = servesPatients(app)
  const isSuspended = state === 'suspended'
  if (isForPatients && (isSuspended ? !reason : app.record.use === 'patient')) {
    const sentence = `The app ${client} is for patients, who may use it anywhere: a practice can suspend it, and has to state the reason`
    throw new Problem('incorrect', sentence)
  }
  if (isForPatients && isSuspended && reason) await suspendApp(db, number, client, reason)
  else if (!(await setPermissionState(db, number, client, { state, reason }))) throw neverPermitted({ id }, client)
  const because = `the app is ${state} at the practice`
  return endApp(db, number, { client, because, ...(isForPatients && !isSuspended && { of: 'practice' }) })
}

function neverPermitted({ id }: Pick<PracticeId, 'id'>, client: string): Problem {
  return new Problem('not-found', `Practice ${id} has never permitted the app ${client}: charthouse app permit does`)
}

type Told = Switch<string> & { readonly practice?: string; readonly ended: number }

function tell({ report, user, request }: Acting, { practice, ...change }: Told): void {
  report({ event: 'app-change', change: 'switched', practice, user, request, ...change })
}
