import type { Asked, Practice, Reply } from '#http'
import { type AppDirectory, closedBecause, type PracticeSettings } from '#platform'
import { fieldOf, leadTo, pageEndpoints } from '../screens/page-endpoint.ts'
import { practiceFrame } from '../screens/practice-frame.ts'
import { signedOutPage, signOutFields, signOutPage } from '../screens/signed-out.ts'
import { csrfToken, isCsrfToken } from '../sessions/csrf.ts'
import type { Sessions } from '../sessions/session.ts'
import { signInPath, signOutPath } from './own-pages.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

export interface SignOutParts {
  readonly sessions: Sessions
  readonly settingsOf: (practice: Practice) => PracticeSettings
  readonly apps: AppDirectory
}

/**
 * Signing out, asked for by the person or by an app. A page asks first: a link that somebody else made must sign nobody out.
 * https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 */
export function signOut(parts: SignOutParts): readonly SmartEndpoint[] {
  const endpoints = pageEndpoints(parts.settingsOf, {
    ...{ path: signOutPath, name: 'sign-out' },
    get: (asked) => ask(parts, asked, asked.parameters),
    post: (asked) => leave(parts, asked),
  })
  const advertised = { member: 'end_session_endpoint' }
  return endpoints.map((each) => (each.method === 'GET' ? { ...each, advertised } : each))
}

/** An app's parameters come with a POST, too (§2): then they are asked about as those of a GET. */
async function ask(parts: SignOutParts, asked: Asked, given: Asked['form']): Promise<Reply> {
  const { practice, headers } = asked
  const next = await returnAddress(parts, practice, given)
  if (!(await parts.sessions.sessionOf(practice, headers))) return signedOut(parts, asked, next)
  const names = [signOutFields.client, signOutFields.hint, signOutFields.returnTo, signOutFields.state]
  const held = names.flatMap((name) => {
    const value = fieldOf(given, name)
    return value === '' ? [] : [[name, value] as const]
  })
  return signOutPage({
    ...practiceFrame(parts.settingsOf(practice), asked),
    action: practice.root + signOutPath,
    csrf: csrfToken(parts.sessions.browserOf(practice, headers).id, 'sign-out'),
    held: Object.fromEntries(held),
    formLeadsTo: next,
  })
}

async function leave(parts: SignOutParts, asked: Asked): Promise<Reply> {
  const { practice, headers, form } = asked
  const { id } = parts.sessions.browserOf(practice, headers)
  if (!isCsrfToken(fieldOf(form, signOutFields.csrf), id, 'sign-out')) return ask(parts, asked, form)
  const setCookie = await parts.sessions.endSession(practice, headers)
  const reply = await signedOut(parts, asked, await returnAddress(parts, practice, form))
  return { ...reply, headers: { ...reply.headers, 'set-cookie': setCookie } }
}

async function signedOut(parts: SignOutParts, asked: Asked, next: string | undefined): Promise<Reply> {
  if (next !== undefined) return leadTo(next)
  const { practice } = asked
  return signedOutPage({
    ...practiceFrame(parts.settingsOf(practice), asked),
    signIn: practice.root + signInPath,
  })
}

/** Where an app that works here wants its person back, if that is an address that it registered; with its state. */
async function returnAddress(
  { apps }: SignOutParts,
  practice: Practice,
  given: Asked['form'],
): Promise<string | undefined> {
  const wanted = fieldOf(given, signOutFields.returnTo)
  const client = fieldOf(given, signOutFields.client) || audienceOf(fieldOf(given, signOutFields.hint))
  if (wanted === '' || client === undefined) return undefined
  const app = await apps.app(client)
  if (!app || closedBecause(app, await apps.permission(practice.number, client), practice) !== undefined)
    return undefined
  if (![...app.record.redirectUris, ...app.record.launchUris].includes(wanted)) return undefined
  const url = new URL(wanted)
  const state = fieldOf(given, signOutFields.state)
  if (state !== '') url.searchParams.set('state', state)
  return url.href
}

/** Says only which app's registered addresses count, so nothing hangs on the signature. */
function audienceOf(idToken: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const audience = typeof claims === 'object' && claims !== null && 'aud' in claims ? claims.aud : undefined
    return typeof audience === 'string' ? audience : undefined
  } catch {
    return undefined // no token of ours
  }
}
