import { type Practice, standardPath } from '#http'
import type { Form } from '../oauth/form.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'

/**
 * The FHIR base that the app will call with its token (A4): without it, a token could be asked for in the name of another
 * server. Any base of the practice will do, with or without a slash at its end.
 */
export function checkAudience({ root, dialect }: Practice, form: Form): string {
  const given = form.get('aud') ?? form.get('resource')
  if (given === undefined)
    throw new OAuthProblem('invalid_request', `The parameter aud is missing: ${root}${standardPath} is wanted`)
  const bases = [standardPath, ...dialect.fhirPaths].map((path) => root + path)
  const base = bases.find((one) => one === given || `${one}/` === given)
  if (base) return base
  throw new OAuthProblem(
    'invalid_request',
    `The parameter aud is not a FHIR base of this practice: ${root}${standardPath} is wanted`,
  )
}
