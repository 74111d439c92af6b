import { Problem } from '#lib'

export interface UrlRules {
  /** DEVELOPMENT=true: http and addresses of this machine, too. */
  readonly isDevelopment: boolean
}

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

export function isLoopback({ hostname }: URL): boolean {
  return loopbackHosts.includes(hostname)
}

/** A URL of an app that is opened or read for it: https and no more than an address. Throws Problem 'incorrect'. */
export function httpsUrl(name: string, text: string, { isDevelopment }: UrlRules): string {
  const url = readUrl(name, text)
  if (url.protocol === 'https:' || (isDevelopment && url.protocol === 'http:')) return text
  throw wrong(name, text, isDevelopment ? 'https or http is wanted' : 'https is wanted (DEVELOPMENT=true admits http)')
}

/**
 * A redirect URI, kept as it was given since it is compared as text. Apps that run on a person's device may use a port of
 * that device or a scheme of their own: https://www.rfc-editor.org/rfc/rfc8252#section-7
 */
export function redirectUri(text: string, isPublic: boolean, rules: UrlRules): string {
  const name = 'redirect URI'
  const url = readUrl(name, text)
  if (isPublic && url.protocol === 'http:' && isLoopback(url)) return text
  if (isPublic && /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol)) return text
  return httpsUrl(name, text, rules)
}

/** `https://app.example`, without path. */
export function origin(text: string, rules: UrlRules): string {
  httpsUrl('origin', text, rules)
  const { origin: read } = new URL(text)
  if (text !== read) throw wrong('origin', text, `scheme, host and port alone are wanted: ${read}`)
  return read
}

function readUrl(name: string, text: string): URL {
  if (!URL.canParse(text)) throw wrong(name, text, 'it is not an absolute URL')
  const url = new URL(text)
  if (/[\s*]|\p{Cc}/u.test(text)) throw wrong(name, text, 'blanks and wildcards are not allowed')
  // it goes into headers: Location, and the policy of pages, in which ; and , end what is allowed
  if (!/^[!-~]*$/.test(text)) throw wrong(name, text, 'letters outside ASCII are written as %-codes, in a host as xn--')
  if (!/^[\w.:[\]-]*$/.test(url.host)) throw wrong(name, text, 'its host is not a name or address')
  if (url.username !== '' || url.password !== '') throw wrong(name, text, 'it holds a name or password')
  if (text.includes('#')) throw wrong(name, text, 'it has a fragment')
  return url
}

function wrong(name: string, text: string, reason: string): Problem {
  return new Problem('incorrect', `Cannot use "${text}" as ${name}: ${reason}`)
}
