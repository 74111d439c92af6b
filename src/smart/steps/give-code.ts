import type { Reply } from '#http'
import { Problem } from '#lib'
import { subjectOf, worksHere } from '../actor.ts'
import type { LaunchContext } from '../launches/launch-context.ts'
import type { Offered } from '../scopes/offered-scopes.ts'
import { addCode } from '../tokens/code-store.ts'
import { addGrant, type NewGrant } from '../tokens/grant-store.ts'
import { endPending } from '../tokens/tx-store.ts'
import { redirectBack } from './redirect-back.ts'
import { actorIn, asksFor, encounterIn, offeredIn, patientIn, type Visit } from './visit.ts'

/** What a person allowed of what was offered. */
export interface Allowed {
  readonly resources: readonly string[]
  readonly isOffline: boolean
  /** The end of offline access that the person chose. */
  readonly until?: Date
}

export function everythingOffered({ others, resources }: Offered): string {
  return [...others.map(({ spelt }) => spelt), ...resources.map(({ text }) => text)].join(' ')
}

export function allOf({ others, resources }: Offered): Allowed {
  return {
    resources: resources.map(({ text }) => text),
    isOffline: others.some(({ scope }) => scope === 'offline_access'),
  }
}

/** Ends the request: a grant of its own (5.1), a code for it, and the browser goes back to the app. */
export async function giveCode(visit: Visit, allowed: Allowed): Promise<Reply> {
  const { parts, asked, practice, app, id, pending } = visit
  const grant = grantOf(visit, allowed)
  const code = await parts.db.transaction(async (transaction) => {
    if (id !== undefined && !(await endPending(transaction, practice.number, id))) throw answeredBefore()
    const grantId = await addGrant(transaction, grant)
    const { redirectUri, challenge } = pending
    return addCode(transaction, { practice: practice.number, grantId, client: app.client, redirectUri, challenge })
  })
  parts.report({
    ...{ event: 'grant', grant: 'consent', request: asked.requestId, practice: practice.id },
    ...{ client: app.client, user: grant.fhirUser, scope: grant.scope },
  })
  return redirectBack(visit, { code })
}

export function answeredBefore(): Problem {
  return new Problem('gone', 'This request was answered before: go back to the app')
}

function grantOf(visit: Visit, allowed: Allowed): NewGrant {
  const { parts, practice, app, pending } = visit
  const actor = actorIn(visit)
  const access = accessOf(visit, allowed)
  return {
    practice: practice.number,
    client: app.client,
    username: actor.username,
    fhirUser: actor.fhirUser,
    subject: subjectOf(practice, actor),
    scope: scopeOf(visit, allowed),
    context: { role: actor.role, patients: patientsOf(visit, allowed), launch: launchOf(visit) },
    base: pending.base,
    nonce: pending.nonce,
    authTime: actor.signedInAt,
    access,
    session: access === 'online' && !pending.launch ? actor.session : undefined,
    launch: pending.launch?.hash,
    refreshUntil:
      access === 'online' ? new Date(parts.now() + parts.settingsOf(practice).onlineHours * 3_600_000) : allowed.until,
  }
}

function accessOf(visit: Visit, { isOffline }: Allowed): NewGrant['access'] {
  if (isOffline) return 'offline'
  return asksFor(offeredIn(visit), 'online_access') ? 'online' : 'once'
}

function scopeOf(visit: Visit, { resources, isOffline }: Allowed): string {
  const others = offeredIn(visit).others.filter(({ scope }) => scope !== 'offline_access' || isOffline)
  return [...others.map(({ spelt }) => spelt), ...resources].join(' ')
}

/** Of the token: with a patient/ scope the one in context, else those to whom a patient or guardian is linked. */
function patientsOf(visit: Visit, { resources }: Allowed): readonly string[] {
  const actor = actorIn(visit)
  const patient = patientIn(visit)
  const isOfOne = worksHere(actor) || resources.some((scope) => scope.startsWith('patient/'))
  if (isOfOne) return patient === undefined ? [] : [patient]
  return actor.patients.map(({ id }) => id)
}

function launchOf(visit: Visit): LaunchContext {
  const patient = patientIn(visit)
  const encounter = encounterIn(visit)
  return { ...visit.pending.launch?.context, ...(patient && { patient }), ...(encounter && { encounter }) }
}
