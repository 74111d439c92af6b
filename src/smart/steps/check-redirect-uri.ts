import { Problem } from '#lib'
import { type App, isLoopback } from '#platform'
import type { Form } from '../oauth/form.ts'

/** The redirect URI, which is one that the app registered (A5); throws what its user is shown: nobody is sent elsewhere. */
export function checkRedirectUri({ type, record }: App, form: Form): string {
  const given = form.get('redirect_uri')
  if (given === undefined)
    throw new Problem('incorrect', 'The app did not say where to return: redirect_uri is missing')
  const isPublic = type === 'public'
  if (record.redirectUris.some((known) => known === given || (isPublic && isSameButPort(known, given)))) return given
  throw new Problem('incorrect', 'This redirect address is not registered for the app')
}

/** An app on a person's device takes whatever port is free. https://www.rfc-editor.org/rfc/rfc8252#section-7.3 */
function isSameButPort(known: string, given: string): boolean {
  // what a URL leaves out when it is read (blanks, line breaks) must not go into the header of the answer either
  if (!URL.canParse(known) || !URL.canParse(given) || !/^[!-~]+$/.test(given) || /[#\\]/.test(given)) return false
  const [one, other] = [new URL(known), new URL(given)]
  if (one.protocol !== 'http:' || !isLoopback(one)) return false
  if (other.username !== '' || other.password !== '') return false
  one.port = other.port
  return one.href === other.href
}
