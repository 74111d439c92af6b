import type { Runner } from '#db'
import { isLinkedTo, worksHere } from '../actor.ts'
import type { FlowParts } from '../flow-parts.ts'
import { required } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { narrowed } from '../scopes/narrowed.ts'
import type { Person } from '../sessions/session.ts'
import { newToken } from '../tokens/access-tokens.ts'
import { holdGrant, revokeGrants, type StoredGrant } from '../tokens/grant-store.ts'
import { findRefresh, type RefreshToken, spendRefresh } from '../tokens/refresh-store.ts'
import type { Grant, Granted, GrantRequest } from './grant.ts'
import { giveTokens } from './user-tokens.ts'

/**
 * A new access token without the person, and a refresh token in place of the one that is spent. One that comes again means
 * that two have it: the whole grant ends (S-23), unless it comes from a confidential app whose answer may just have been lost.
 */
export const refreshToken: Grant = {
  type: 'refresh_token',
  apps: ['public', 'symmetric', 'asymmetric'],
  levels: [],
  otherScopes: [],
  capabilities: ['permission-offline', 'permission-online'],

  /** P8: a public app need not say who it is, as its token does. */
  async clientOf({ db }, { practice }, form) {
    const token = form.get('refresh_token')
    return token === undefined ? undefined : (await findRefresh(db, practice.number, token))?.client
  },

  async run(parts, request) {
    const { practice } = request.asked
    const token = required(request.form, 'refresh_token')
    const found = await findRefresh(parts.db, practice.number, token)
    if (!found || found.client !== request.client.app.client) throw unknown()
    const scope = narrowed(found.scope, request.form.get('scope'), practice)
    const { username } = found
    const person = username === null ? undefined : await parts.sessions.personNamed(practice, username)
    const rotation = { parts, request, token, found, scope, person }
    const outcome = await parts.db.transaction((transaction) => rotate(transaction, rotation))
    if (!('problem' in outcome)) return outcome
    const { problem, grantId } = outcome
    if (grantId !== undefined) {
      await revokeGrants(parts.db, practice.number, { id: grantId }, problem.message)
      reportEnd(parts, request, found)
    }
    throw problem
  },
}

interface Rotation {
  readonly parts: FlowParts
  readonly request: GrantRequest
  readonly token: string
  readonly found: RefreshToken
  readonly scope: string
  /** Who allowed it; undefined: their account is closed, or the EHR's own. */
  readonly person: Person | undefined
}

/** As of a code, what is wrong is told when the transaction has ended. */
type Outcome = Granted | { readonly problem: OAuthProblem; readonly grantId?: string }

async function rotate(transaction: Runner, rotation: Rotation): Promise<Outcome> {
  const { parts, request, token, found, scope, person } = rotation
  const { practice } = request.asked
  const { app } = request.client
  const grant = await holdGrant(transaction, practice.number, found.grantId)
  if (!grant) return { problem: unknown() }
  const successor = newToken()
  const graceSeconds = app.type === 'public' ? 0 : parts.settingsOf(practice).refreshGraceSeconds
  const spent = await spendRefresh(transaction, { practice: practice.number, token, successor, graceSeconds })
  if (spent === 'expired') return { problem: unknown() }
  if (spent === 'late')
    return {
      problem: new OAuthProblem(
        'invalid_grant',
        'The refresh token was used before: use the one that came with the last answer',
      ),
    }
  if (spent === 'reused') {
    const sentence =
      'The refresh token was used before, so that somebody else may have it: all that was granted with it has ended'
    return { problem: new OAuthProblem('invalid_grant', sentence), grantId: grant.id }
  }
  const current = grantOf(grant, person)
  if (!current) {
    const sentence =
      'The person who allowed it may no longer: their account is closed, or no longer linked to the patient'
    return { problem: new OAuthProblem('invalid_grant', sentence), grantId: grant.id }
  }
  const refresh = { token: successor, scope: found.scope }
  return giveTokens(transaction, { parts, practice, app, grant: current, scope, refresh })
}

/** The grant with what its person may now; undefined: nothing. */
function grantOf(grant: StoredGrant, person: Person | undefined): StoredGrant | undefined {
  if (grant.username === undefined) return grant
  if (!person) return undefined
  const patients = worksHere(person) ? grant.context.patients : stillLinked(person, grant)
  if (!patients) return undefined
  return { ...grant, context: { ...grant.context, role: person.role, patients } }
}

/** A link that ended takes its patient away; new ones come with a new consent. */
function stillLinked(person: Person, { context }: StoredGrant): readonly string[] | undefined {
  const { patient } = context.launch
  if (patient !== undefined && !isLinkedTo(person, patient)) return undefined
  const linked = context.patients.filter((id) => isLinkedTo(person, id))
  return linked.length > 0 ? linked : undefined
}

function unknown(): OAuthProblem {
  return new OAuthProblem(
    'invalid_grant',
    'The refresh token is not known for this app, has expired or was revoked: send the person through authorization again',
  )
}

function reportEnd({ report }: FlowParts, { asked, client }: GrantRequest, { scope }: RefreshToken): void {
  report({
    event: 'revocation',
    request: asked.requestId,
    practice: asked.practice.id,
    client: client.app.client,
    user: undefined,
    scope,
  })
}
