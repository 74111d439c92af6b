import type { Reply } from '#http'
import { fieldOf, leadTo } from '../screens/page-endpoint.ts'
import { type SignInPage, signInFields, signInPage } from '../screens/sign-in.ts'
import { personasOf } from '../sessions/personas.ts'
import { trySignIn } from '../sessions/try-sign-in.ts'
import type { Decision, KeptVisit } from './decision.ts'
import { continueUrl, flowFrame, show } from './flow-frame.ts'

/** Somebody is signed in: here, or by the EHR that launched the app. */
export const signIn: Decision = {
  error: 'login_required',
  isOpen: ({ actor, pending }) =>
    !actor || (pending.prompt === 'login' && !pending.launch && actor.signedInAt.getTime() < pending.since),
  page: (visit) => signInForm(visit, { status: 200 }),
  takes: {
    async 'sign-in'(visit, form) {
      const { parts, asked, practice } = visit
      const { language } = await flowFrame(visit)
      const username = fieldOf(form, signInFields.username)
      const password = fieldOf(form, signInFields.password)
      const tried = await trySignIn(parts.sessions, practice, { username, password, address: asked.address, language })
      if ('errors' in tried) return signInForm(visit, { username, ...tried })
      const { browser } = await parts.sessions.startSession(practice, tried.person, asked.headers)
      return leadTo(continueUrl(visit, visit.id), browser.setCookie)
    },
    /** Another person at the same browser (P18). */
    async 'switch-person'(visit) {
      const { parts, asked, practice } = visit
      return leadTo(continueUrl(visit, visit.id), await parts.sessions.endSession(practice, asked.headers))
    },
  },
}

type Shown = Pick<SignInPage, 'username' | 'errors'> & { readonly status: number }

async function signInForm(visit: KeptVisit, { status, ...more }: Shown): Promise<Reply> {
  const frame = await flowFrame(visit)
  const personas = await personasOf(visit.parts.db, visit.practice, frame.language)
  return show(visit, { ...signInPage({ ...frame, ...more, personas }), status })
}
