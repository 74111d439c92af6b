/** A person's own pages at a practice: signing in without an app, and the apps that they share records with. */
import type { Database } from '#db'
import type { Asked, Endpoint, Practice, Reply } from '#http'
import type { App, PracticeSettings } from '#platform'
import type { FieldError } from '#ui'
import { type AllowedApp, myAppsFields, myAppsPage } from '../screens/my-apps.ts'
import { fieldOf, leadTo, pageEndpoints, withCookie } from '../screens/page-endpoint.ts'
import { appCardOf, practiceFrame } from '../screens/practice-frame.ts'
import { ownSignInPage, signInFields } from '../screens/sign-in.ts'
import { textsIn } from '../screens/texts.ts'
import { csrfToken, isCsrfToken } from '../sessions/csrf.ts'
import { personasOf } from '../sessions/personas.ts'
import type { Person, Session, Sessions } from '../sessions/session.ts'
import { trySignIn } from '../sessions/try-sign-in.ts'
import type { SmartEndpoint } from './smart-endpoint.ts'

export interface OwnPagesParts {
  readonly db: Database
  readonly sessions: Sessions
  readonly settingsOf: (practice: Practice) => PracticeSettings
  readonly appOf: (client: string) => Promise<App | undefined> | App | undefined
  /** The grants of a person that work still. */
  readonly grantsOf: (practice: Practice, username: string) => Promise<readonly PersonsGrant[]>
  /** Ends a grant of this person: the next call of its app is refused. */
  readonly revokeGrant: (practice: Practice, grant: { readonly id: string; readonly username: string }) => Promise<void>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface PersonsGrant {
  readonly id: string
  readonly client: string
  readonly scope: string
  readonly patient: string | undefined
  readonly since: Date
  readonly lastUsed: Date
  readonly access: 'once' | 'online' | 'offline'
  readonly until: Date | undefined
}

export const signInPath = '/auth/sign-in'
export const managePath = '/auth/manage'
export const signOutPath = '/auth/sign-out'

/** The value of `next` by which the token page of a dialect comes after sign-in. */
export const nextIsTokenPage = 'token-page'

export function ownPages(parts: OwnPagesParts): readonly SmartEndpoint[] {
  const signIn = pageEndpoints(parts.settingsOf, {
    ...{ path: signInPath, name: 'sign-in' },
    get: (asked) => showSignIn(parts, asked, { status: 200 }),
    post: (asked) => signInAlone(parts, asked),
  })
  const manage = pageEndpoints(parts.settingsOf, {
    ...{ path: managePath, name: 'manage' },
    get: (asked) => signedIn(parts, asked, (session) => showApps(parts, asked, { session })),
    post: (asked) => signedIn(parts, asked, (session) => stopSharing(parts, asked, session)),
  })
  const advertised = { member: 'management_endpoint', oauthUri: 'manage' } as const
  return [...signIn, ...manage.map((each: Endpoint) => (each.method === 'GET' ? { ...each, advertised } : each))]
}

interface SignInShown {
  readonly status: number
  readonly errors?: readonly FieldError[]
  readonly username?: string
}

async function showSignIn(parts: OwnPagesParts, asked: Asked, { status, ...shown }: SignInShown): Promise<Reply> {
  const { practice, headers } = asked
  const browser = parts.sessions.browserOf(practice, headers)
  const frame = practiceFrame(parts.settingsOf(practice), asked)
  const page = ownSignInPage({
    ...{ ...frame, ...shown, action: practice.root + signInPath, csrf: csrfToken(browser.id, 'sign-in') },
    next: nextIn(asked),
    personas: await personasOf(parts.db, practice, frame.language),
  })
  return withCookie({ ...page, status }, browser.setCookie)
}

/** No address from outside: a name of ours, or nothing. */
function nextIn({ parameters, form }: Asked): string | undefined {
  const given = fieldOf(form, signInFields.next) || fieldOf(parameters, signInFields.next)
  return given === nextIsTokenPage ? given : undefined
}

async function signInAlone(parts: OwnPagesParts, asked: Asked): Promise<Reply> {
  const { practice, headers, form, address } = asked
  const { language } = practiceFrame(parts.settingsOf(practice), asked)
  const username = fieldOf(form, signInFields.username)
  if (!isCsrfToken(fieldOf(form, signInFields.csrf), parts.sessions.browserOf(practice, headers).id, 'sign-in')) {
    const errors = [{ sentence: textsIn(language).common.pageExpired }]
    return showSignIn(parts, asked, { status: 400, errors, username })
  }
  const password = fieldOf(form, signInFields.password)
  const tried = await trySignIn(parts.sessions, practice, { username, password, address, language })
  if ('errors' in tried) return showSignIn(parts, asked, { ...tried, username })
  const { browser } = await parts.sessions.startSession(practice, tried.person, headers)
  const { tokenPage } = practice.dialect
  const next = nextIn(asked) === undefined || tokenPage === undefined ? managePath : tokenPage
  return leadTo(practice.root + next, browser.setCookie)
}

async function signedIn(
  { sessions }: OwnPagesParts,
  { practice, headers }: Asked,
  show: (session: Session) => Promise<Reply>,
): Promise<Reply> {
  const session = await sessions.sessionOf(practice, headers)
  return session ? show(session) : leadTo(practice.root + signInPath)
}

interface Shown {
  readonly session: Session
  /** A grant whose end is asked for once more. */
  readonly asked?: string
  readonly stopped?: { readonly app: string; readonly at: Date }
  readonly error?: string
}

async function showApps(parts: OwnPagesParts, asked: Asked, shown: Shown): Promise<Reply> {
  const { practice, headers } = asked
  const { person } = shown.session
  const page = myAppsPage({
    ...practiceFrame(parts.settingsOf(practice), asked),
    ...{ action: practice.root + managePath, signOut: practice.root + signOutPath, personName: person.name },
    csrf: csrfToken(parts.sessions.browserOf(practice, headers).id, 'manage'),
    apps: await allowedApps(parts, practice, person),
    ...{ asked: shown.asked, stopped: shown.stopped, error: shown.error },
  })
  return shown.error === undefined ? page : { ...page, status: 400 }
}

/** One for each app and patient: an app that was opened on many days has many grants, and they stop together. */
async function allowedApps(parts: OwnPagesParts, practice: Practice, person: Person): Promise<AllowedApp[]> {
  const grants = await parts.grantsOf(practice, person.username)
  const alike = [...Map.groupBy(grants, ({ client, patient }) => `${client} ${patient}`).values()]
  const cards = alike.map(async (together): Promise<AllowedApp[]> => {
    const [newest] = together
    const app = newest && (await parts.appOf(newest.client))
    if (!app) return []
    const ends = together.map(({ access, until }) => (access === 'offline' ? (until ?? 'open') : undefined))
    return [
      {
        ...{ grant: newest.id, app: appCardOf(app), scope: together.map(({ scope }) => scope).join(' ') },
        patientName: person.patients.find(({ id }) => id === newest.patient)?.name,
        since: new Date(Math.min(...together.map(({ since }) => since.getTime()))),
        lastUsed: new Date(Math.max(...together.map(({ lastUsed }) => lastUsed.getTime()))),
        until: latest(ends),
      },
    ]
  })
  return (await Promise.all(cards)).flat()
}

function latest(ends: readonly (Date | 'open' | undefined)[]): Date | 'open' | undefined {
  if (ends.includes('open')) return 'open'
  const dates = ends.filter((end) => end instanceof Date)
  return dates.length === 0 ? undefined : new Date(Math.max(...dates.map((date) => date.getTime())))
}

async function stopSharing(parts: OwnPagesParts, asked: Asked, session: Session): Promise<Reply> {
  const { practice, headers, form } = asked
  const words = textsIn(practiceFrame(parts.settingsOf(practice), asked).language)
  if (!isCsrfToken(fieldOf(form, myAppsFields.csrf), parts.sessions.browserOf(practice, headers).id, 'manage')) {
    return showApps(parts, asked, { session, error: words.common.pageExpired })
  }
  const { username } = session.person
  const grants = await parts.grantsOf(practice, username)
  const chosen = grants.find(({ id }) => id === fieldOf(form, myAppsFields.grant))
  if (!chosen) return showApps(parts, asked, { session, error: words.myApps.notFound })
  if (fieldOf(form, myAppsFields.step) !== 'stop') return showApps(parts, asked, { session, asked: chosen.id })
  const alike = grants.filter(({ client, patient }) => client === chosen.client && patient === chosen.patient)
  for (const { id } of alike) await parts.revokeGrant(practice, { id, username })
  const app = (await parts.appOf(chosen.client))?.name ?? chosen.client
  return showApps(parts, asked, { session, stopped: { app, at: new Date(parts.now()) } })
}
