import { Problem } from '#lib'
import { type AppRecord, type AppType, type AppUse, appTypes, appUses, type ClientKeys, smartVersions } from './app.ts'
import { readRegisteredKeySet } from './key-set.ts'
import { httpsUrl, origin, redirectUri, type UrlRules } from './registered-url.ts'

/** What somebody asks to register, unread. */
export interface Registration {
  readonly name: string
  readonly type: string
  readonly scopes: string
  /** Follows from what it asks for unless given. */
  readonly use?: string
  readonly redirectUris?: readonly string[]
  readonly launchUris?: readonly string[]
  readonly origins?: readonly string[]
  readonly smartVersion?: string
  readonly pkce?: string
  /** The text of a key set, or where to read it. */
  readonly keys?: { readonly set: string } | { readonly url: string }
  readonly logo?: string
  readonly policy?: string
  readonly terms?: string
  readonly trustedLaunch?: boolean
  readonly skipConsent?: boolean
  readonly issuerInRedirect?: boolean
  readonly onlyPractice?: number
}

/** A registration, read; throws Problem 'incorrect' with what is to be changed. Scopes are read by whoever knows them. */
export function readRegistration(given: Registration, rules: UrlRules) {
  const type = oneOf('type', given.type, appTypes)
  const name = given.name.trim()
  if (name === '' || name.length > 200 || /\p{Cc}/u.test(name)) {
    throw new Problem('incorrect', 'The name of an app is a text of 1 to 200 characters')
  }
  const record: AppRecord = {
    ...addressesOf(given, type, rules),
    scopes: given.scopes
      .split(' ')
      .filter((scope) => scope !== '')
      .join(' '),
    use: useOf(given, type),
    smartVersion: oneOf('SMART version', given.smartVersion ?? '2.2', smartVersions),
    pkce: pkceOf(given, type),
    trustedLaunch: given.trustedLaunch ?? false,
    skipConsent: given.skipConsent ?? false,
    ...(given.issuerInRedirect === false && { issuerInRedirect: false }),
    ...keysOf(given, type, rules),
    ...(given.onlyPractice !== undefined && { onlyPractice: given.onlyPractice }),
  }
  return { name, type, record }
}

/** Where keys come from, read. */
export function readClientKeys(given: NonNullable<Registration['keys']>, rules: UrlRules): ClientKeys {
  return 'set' in given ? { set: readRegisteredKeySet(given.set) } : { url: httpsUrl('JWKS URL', given.url, rules) }
}

export function hasKeys(type: AppType): boolean {
  return type === 'asymmetric' || type === 'backend'
}

function addressesOf(
  { redirectUris = [], launchUris = [], origins = [], ...given }: Registration,
  type: AppType,
  rules: UrlRules,
) {
  if (type === 'backend' && redirectUris.length + launchUris.length > 0) {
    throw new Problem('incorrect', 'A backend app has no pages: leave redirect and launch URIs out')
  }
  if (type !== 'backend' && redirectUris.length === 0) {
    throw new Problem('incorrect', `An app of type ${type} needs a redirect URI, where its users come back to it`)
  }
  const { logo, policy, terms } = given
  return {
    redirectUris: redirectUris.map((uri) => redirectUri(uri, type === 'public', rules)),
    launchUris: launchUris.map((uri) => httpsUrl('launch URI', uri, rules)),
    origins: origins.map((text) => origin(text, rules)),
    ...(logo !== undefined && { logo: httpsUrl('logo', logo, rules) }),
    ...(policy !== undefined && { policy: httpsUrl('policy', policy, rules) }),
    ...(terms !== undefined && { terms: httpsUrl('terms', terms, rules) }),
  }
}

function keysOf({ keys }: Registration, type: AppType, rules: UrlRules) {
  if (hasKeys(type) && !keys)
    throw new Problem('incorrect', `An app of type ${type} needs a JWKS: its public keys, or their URL`)
  if (!hasKeys(type) && keys) throw new Problem('incorrect', `An app of type ${type} has no keys: leave the JWKS out`)
  return keys ? { keys: readClientKeys(keys, rules) } : {}
}

/** An app is for patients that asks for nothing of anybody else, and that no EHR opens for its users. */
function useOf({ use, scopes, launchUris = [], trustedLaunch, skipConsent }: Registration, type: AppType): AppUse {
  const isStaffs =
    trustedLaunch || skipConsent || launchUris.length > 0 || /(^| )(user\/|system\/|launch( |$))/.test(scopes)
  const usual = type === 'backend' ? 'bulk' : isStaffs ? 'provider' : 'patient'
  const read = oneOf('use', use ?? usual, appUses)
  if ((read === 'bulk') !== (type === 'backend')) {
    throw new Problem(
      'incorrect',
      `An app of type ${type} is not of use "${read}": a backend app is bulk, and no other is`,
    )
  }
  if (read === 'patient' && (trustedLaunch || skipConsent)) {
    throw new Problem('incorrect', 'An app for patients makes no launches, and its users are always asked')
  }
  return read
}

function pkceOf({ pkce = 'required' }: Registration, type: AppType): AppRecord['pkce'] {
  const read = oneOf('PKCE', pkce, ['required', 'none'] as const)
  if (read === 'none' && type === 'public') throw new Problem('incorrect', 'A public app must use PKCE')
  return read
}

function oneOf<const Value extends string>(name: string, text: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === text)
  if (found) return found
  throw new Problem('incorrect', `"${text}" is not a ${name}: there are ${values.join(', ')}`)
}
