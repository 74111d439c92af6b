import type { Parameters } from '#http'
import { OAuthProblem } from './oauth-problem.ts'

/** The parameters of a request; one without a value counts as left out. https://www.rfc-editor.org/rfc/rfc6749#section-3.2 */
export type Form = ReadonlyMap<string, string>

/** Throws where a parameter stands twice (P20): which one is meant would be a guess. */
export function readForm(given: Parameters): Form {
  const names = given.map(([name]) => name)
  const repeated = names.find((name, i) => names.indexOf(name) !== i)
  if (repeated !== undefined) {
    throw new OAuthProblem('invalid_request', `The parameter ${repeated.slice(0, 100)} is given more than once`)
  }
  return new Map(given.filter(([, value]) => value !== ''))
}

export function required(form: Form, name: string): string {
  const value = form.get(name)
  if (value === undefined) throw new OAuthProblem('invalid_request', `The parameter ${name} is missing from the form`)
  return value
}
