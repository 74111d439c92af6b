import type { Practice } from '#http'
import { Problem } from '#lib'
import type { FieldError } from '#ui'
import { signInFields } from '../screens/sign-in.ts'
import { textsIn } from '../screens/texts.ts'
import { LockedOut } from './lockout.ts'
import type { Attempt, Person, Sessions } from './session.ts'

export type SignInTried =
  | { readonly person: Person }
  /** What the form says when it comes back, and with which status. */
  | { readonly errors: readonly FieldError[]; readonly status: 400 | 429 }

/** What the sign-in form posted, tried: a person, or sentences for the form. */
export async function trySignIn(
  sessions: Pick<Sessions, 'checkPassword'>,
  practice: Practice,
  attempt: Attempt & { readonly language: string | undefined },
): Promise<SignInTried> {
  const { signIn } = textsIn(attempt.language)
  const { username, password } = signInFields
  const empty = [
    ...(attempt.username.trim() === '' ? [{ field: username, sentence: signIn.noUsername }] : []),
    ...(attempt.password === '' ? [{ field: password, sentence: signIn.noPassword }] : []),
  ]
  if (empty.length > 0) return { errors: empty, status: 400 }
  try {
    return { person: await sessions.checkPassword(practice, attempt) }
  } catch (problem) {
    if (problem instanceof LockedOut) return { errors: [{ sentence: signIn.locked(problem.minutes) }], status: 429 }
    if (!(problem instanceof Problem) || problem.kind !== 'unauthenticated') throw problem
    return { errors: [{ sentence: signIn.wrong }], status: 400 }
  }
}
