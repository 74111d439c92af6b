import type { Asked } from '#http'
import { type AppPermission, permittedTo } from '#platform'
import { type Actor, readerOf, sideOf, worksHere } from '../actor.ts'
import type { FlowParts } from '../flow-parts.ts'
import type { Reader } from '../launches/charts.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { type Offered, type OtherScope, offeredScopes } from '../scopes/offered-scopes.ts'
import type { Browser } from '../sessions/session.ts'
import type { Pending } from './pending.ts'
import type { Target } from './redirect-back.ts'

/** A browser on its way through an authorization request. */
export interface Visit extends Target {
  readonly parts: FlowParts
  readonly asked: Asked
  /** What the practice said of the app, if anything. */
  readonly given: AppPermission | undefined
  /** Of the pending request; undefined: it is not kept yet. */
  readonly id: string | undefined
  readonly pending: Pending
  readonly actor: Actor | undefined
  readonly browser: Browser
}

/** A visit of somebody who is signed in. */
export function actorIn({ actor }: Visit): Actor {
  if (!actor) throw new TypeError('Nobody has signed in at this step')
  return actor
}

/** Under whose name choices are kept. */
export function nameOf({ username, fhirUser }: Actor): string {
  return username === undefined ? `reference ${fhirUser}` : `user ${username}`
}

export function offeredIn(visit: Visit): Offered {
  const offered = known.get(visit) ?? offeredTo(visit)
  known.set(visit, offered)
  return offered
}

/** Several steps of a request ask, and there may be many scopes. */
const known = new WeakMap<Visit, Offered>()

/** What the app may do for somebody like this, or why it is closed for them. */
export function permittedIn(visit: Visit): ReturnType<typeof permittedTo> {
  const { practice, app, given } = visit
  return permittedTo(sideOf(actorIn(visit)), { app, given, practice })
}

/** Throws where the app is closed for somebody like this. */
function offeredTo(visit: Visit): Offered {
  const { practice, app, pending } = visit
  const { fhirUser } = actorIn(visit)
  const { permission, closed } = permittedIn(visit)
  if (!permission) throw new OAuthProblem('access_denied', closed)
  const isLaunched = pending.launch !== undefined
  return offeredScopes({ practice, app, permission, fhirUser, isLaunched, scope: pending.scope })
}

export function asksFor({ others }: Offered, ...scopes: OtherScope[]): boolean {
  return others.some(({ scope }) => scopes.some((one) => one === scope))
}

/** A16: with a patient/ scope there is a patient, always. */
export function needsPatient(offered: Offered): boolean {
  return (
    asksFor(offered, 'launch/patient', 'launch/encounter') || offered.resources.some(({ level }) => level === 'patient')
  )
}

/** The patient in context: of the launch, chosen, or the only one that there is to choose. */
export function patientIn(visit: Visit): string | undefined {
  const { pending } = visit
  const actor = actorIn(visit)
  if (pending.launch?.context.patient !== undefined) return pending.launch.context.patient
  if (!needsPatient(offeredIn(visit))) return undefined
  if (pending.chosenBy === nameOf(actor) && pending.patient !== undefined) return pending.patient
  const [only, ...others] = actor.patients
  return !worksHere(actor) && others.length === 0 ? only?.id : undefined
}

export function encounterIn(visit: Visit): string | undefined {
  const { pending } = visit
  if (pending.launch) return pending.launch.context.encounter
  return pending.chosenBy === nameOf(actorIn(visit)) ? pending.encounter : undefined
}

export function readerIn(visit: Visit): Reader {
  return readerOf(actorIn(visit))
}
