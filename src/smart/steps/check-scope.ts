import type { Form } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'

/** What is asked for, as it was spelt. What cannot be granted is left out later; what cannot be a scope is refused here. */
export function checkScope(form: Form): string {
  const scope = form.get('scope')
  if (scope === undefined)
    throw new OAuthProblem('invalid_scope', 'The parameter scope is missing: ask for scopes such as patient/Patient.rs')
  if (scope.length > mostLetters)
    throw new OAuthProblem('invalid_scope', `The parameter scope has more than ${mostLetters} letters`)
  // https://www.rfc-editor.org/rfc/rfc6749#section-3.3; a backslash is a dialect's to take away
  const strange = scope.split(' ').find((one) => !/^[\x21\x23-\x7e]*$/.test(one))
  if (strange === undefined) return scope
  throw new OAuthProblem(
    'invalid_scope',
    'The parameter scope cannot be read: a scope holds a quotation mark or a letter outside ASCII',
  )
}

/** Every type with every category, several times over. */
const mostLetters = 100_000
