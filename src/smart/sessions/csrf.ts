/** CSRF tokens: bound to a browser (by the id in its cookie, which no other page can read) and to one form. */
import { hash, timingSafeEqual } from 'node:crypto'

/** `form`: what the form is for, such as the id of a pending request. */
export function csrfToken(browserId: string, form: string): string {
  return hash('sha256', `csrf\n${browserId}\n${form}`, 'base64url')
}

export function isCsrfToken(given: string | undefined, browserId: string, form: string): boolean {
  const wanted = Buffer.from(csrfToken(browserId, form))
  const got = Buffer.from(given ?? '')
  return got.length === wanted.length && timingSafeEqual(got, wanted)
}
