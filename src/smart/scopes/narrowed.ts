import { covers, parseScopes } from '#access'
import type { Practice } from '#http'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { askedScopes } from './asked-scopes.ts'

/** What a refresh asks for, which is what is held or less (A11); nothing asked: all of it. */
export function narrowed(held: string, asked: string | undefined, practice: Pick<Practice, 'dialect'>): string {
  if (asked === undefined) return held
  const has = askedScopes(held, practice).map(({ scope }) => scope)
  const wide = parseScopes(has.join(' ')).resources
  const wanted = askedScopes(asked, practice)
  for (const { scope, spelt } of wanted) {
    if (has.includes(scope)) continue
    const [narrow] = parseScopes(scope).resources
    if (narrow && wide.some((one) => covers(one, narrow))) continue
    throw new OAuthProblem(
      'invalid_scope',
      `The scope ${spelt.slice(0, 200)} is more than was granted: a refresh gives the same or less`,
    )
  }
  return wanted.map(({ spelt }) => spelt).join(' ')
}
