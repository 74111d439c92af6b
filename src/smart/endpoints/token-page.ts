/** Where a dialect has it: a person makes a token by hand, by the ordinary code flow of an app of our own (INT-3). */
import { dialects } from '#dialects'
import { type Asked, type Endpoint, type Reply, standardPath } from '#http'
import { Problem } from '#lib'
import { type App, closedBecause, findPermission, firstPartyApp } from '#platform'
import { actorOf, subjectOf, worksHere } from '../actor.ts'
import type { FlowParts } from '../flow-parts.ts'
import { authorizationCode } from '../grants/authorization-code.ts'
import type { Granted } from '../grants/grant.ts'
import { refreshToken } from '../grants/refresh-token.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { fieldOf, leadTo, pageEndpoints } from '../screens/page-endpoint.ts'
import { practiceFrame } from '../screens/practice-frame.ts'
import { textsIn } from '../screens/texts.ts'
import { type MadeToken, tokenPage, tokenPageFields } from '../screens/token-page.ts'
import { csrfToken, isCsrfToken } from '../sessions/csrf.ts'
import type { Session } from '../sessions/session.ts'
import { addCode } from '../tokens/code-store.ts'
import { addGrant } from '../tokens/grant-store.ts'
import { managePath, nextIsTokenPage, signInPath, signOutPath } from './own-pages.ts'

/** POST at the page's own address is the token endpoint's (INT-4). */
const actionPath = '/auth/token-page'

export function tokenPages(parts: FlowParts): readonly Endpoint[] {
  const paths = [...new Set(Object.values(dialects).flatMap(({ tokenPage: path }) => path ?? []))]
  const both = pageEndpoints(parts.settingsOf, {
    ...{ path: actionPath, name: 'token-page', isSpending: true },
    get: async ({ practice }) => leadTo(practice.root + (practice.dialect.tokenPage ?? signInPath)),
    post: (asked) => signedIn(parts, asked, (session) => makeToken(parts, asked, session)),
  })
  const [first] = both
  if (!first) return []
  const hasPage: NonNullable<Endpoint['isAt']> = ({ dialect }) => dialect.tokenPage !== undefined
  return [
    ...both.map((each) => ({ ...each, isAt: hasPage })),
    ...paths.map((path): Endpoint => {
      const answer = (asked: Asked) => signedIn(parts, asked, (session) => show(parts, asked, { session }))
      return { ...first, path, answer, isAt: ({ dialect }) => dialect.tokenPage === path }
    }),
  ]
}

async function signedIn(
  { sessions }: FlowParts,
  asked: Asked,
  go: (session: Session) => Promise<Reply>,
): Promise<Reply> {
  const { practice, headers } = asked
  const session = await sessions.sessionOf(practice, headers)
  return session ? go(session) : leadTo(`${practice.root}${signInPath}?next=${nextIsTokenPage}`)
}

interface Shown {
  readonly session: Session
  readonly made?: MadeToken
  readonly error?: string
}

/** Each time with a new code: one that was used is of no use. */
async function show(parts: FlowParts, asked: Asked, { session, made, error }: Shown): Promise<Reply> {
  const { practice, headers } = asked
  const page = tokenPage({
    ...practiceFrame(parts.settingsOf(practice), asked),
    address: practice.root + practice.dialect.tokenPage,
    action: practice.root + actionPath,
    csrf: csrfToken(parts.sessions.browserOf(practice, headers).id, 'token-page'),
    code: await newCode(parts, asked, session),
    ...{ personName: session.person.name, manage: practice.root + managePath, signOut: practice.root + signOutPath },
    ...{ made, error },
  })
  return error === undefined ? page : { ...page, status: 400 }
}

/** The page as an app: its tokens are told and stopped as any other's. */
function appOf({ db }: FlowParts, { practice }: Asked): Promise<App> {
  return firstPartyApp(db, {
    ...{ practice: practice.number, purpose: 'token-page', name: 'Get Access Token' },
    record: {
      redirectUris: [practice.root + practice.dialect.tokenPage],
      launchUris: [],
      origins: [],
      scopes: 'openid offline_access user/*.rs patient/*.rs',
      smartVersion: '2.2',
      pkce: 'none',
      trustedLaunch: false,
      skipConsent: true,
    },
  })
}

async function newCode(parts: FlowParts, asked: Asked, session: Session): Promise<string> {
  const { practice } = asked
  const actor = actorOf(session)
  const app = await appOf(parts, asked)
  const [patient] = actor.patients
  const isOfOne = !worksHere(actor) && actor.patients.length === 1
  return parts.db.transaction(async (transaction) => {
    const grantId = await addGrant(transaction, {
      ...{ practice: practice.number, client: app.client, username: actor.username, fhirUser: actor.fhirUser },
      subject: subjectOf(practice, actor),
      scope: `openid offline_access ${isOfOne ? 'patient' : 'user'}/*.rs`,
      context: {
        role: actor.role,
        patients: actor.patients.map(({ id }) => id),
        launch: isOfOne && patient ? { patient: patient.id } : {},
      },
      ...{ base: practice.root + standardPath, nonce: undefined, authTime: actor.signedInAt, access: 'offline' },
      ...{ session: undefined, launch: undefined, refreshUntil: undefined },
    })
    const redirectUri = practice.root + practice.dialect.tokenPage
    return addCode(transaction, {
      ...{ practice: practice.number, grantId, client: app.client, redirectUri, challenge: undefined },
    })
  })
}

async function makeToken(parts: FlowParts, asked: Asked, session: Session): Promise<Reply> {
  const { practice, headers, form } = asked
  const { language } = practiceFrame(parts.settingsOf(practice), asked)
  const { id } = parts.sessions.browserOf(practice, headers)
  if (!isCsrfToken(fieldOf(form, tokenPageFields.csrf), id, 'token-page')) {
    return show(parts, asked, { session, error: textsIn(language).common.pageExpired })
  }
  const isRefreshed = fieldOf(form, tokenPageFields.step) === 'refresh'
  try {
    return await show(parts, asked, { session, made: await exchange(parts, asked, isRefreshed) })
  } catch (problem) {
    if (!(problem instanceof OAuthProblem)) throw problem
    return show(parts, asked, { session, error: problem.message })
  }
}

async function exchange(parts: FlowParts, asked: Asked, isRefreshed: boolean): Promise<MadeToken> {
  const { practice, form } = asked
  const app = await appOf(parts, asked)
  const closed = closedBecause(app, await findPermission(parts.db, practice.number, app.client), practice)
  if (closed !== undefined) throw new Problem('forbidden', closed)
  const [grant, given] = isRefreshed
    ? [refreshToken, [[tokenPageFields.refresh, fieldOf(form, tokenPageFields.refresh)]] as const]
    : [
        authorizationCode,
        [
          ['code', fieldOf(form, tokenPageFields.code)],
          ['redirect_uri', practice.root + practice.dialect.tokenPage],
        ] as const,
      ]
  const granted = await grant.run(parts, {
    ...{ asked, form: new Map(given), client: { app, assertion: undefined } },
  })
  const { requestId } = asked
  parts.report({
    ...{ event: 'grant', grant: grant.type, request: requestId, practice: practice.id },
    ...{ client: app.client, user: granted.user, scope: granted.scope },
  })
  return madeOf(parts, asked, { granted, isRefreshed })
}

function madeOf(
  { now }: FlowParts,
  { practice }: Asked,
  { granted, isRefreshed }: { readonly granted: Granted; readonly isRefreshed: boolean },
): MadeToken {
  const { token, scope, seconds, members } = granted
  const refresh = members?.refresh_token
  return {
    answer: {
      ...{ access_token: token, token_type: 'Bearer', expires_in: seconds, scope },
      ...{ ...members, ...practice.dialect.tokenResponseExtras(practice) },
    },
    refreshToken: typeof refresh === 'string' ? refresh : undefined,
    expires: new Date(now() + seconds * 1000),
    ...{ seconds, isRefreshed },
  }
}
