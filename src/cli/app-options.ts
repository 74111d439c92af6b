import { readFile } from 'node:fs/promises'
import { type Level, parseScopes } from '#access'
import { Problem } from '#lib'
import type { AppType, Registration } from '#platform'

/** Options of `app add`, as commander gives them. */
export interface AddOptions {
  readonly practice: string
  readonly name: string
  readonly type: string
  readonly scope: string
  readonly use?: string
  readonly redirectUri?: string[]
  readonly launchUri?: string[]
  readonly origin?: string[]
  readonly jwks?: string
  readonly smartVersion?: string
  readonly pkce?: string
  readonly only?: boolean
  readonly trustedLaunch?: boolean
  readonly skipConsent?: boolean
  /** False with --no-issuer. */
  readonly issuer?: boolean
  readonly logo?: string
  readonly policy?: string
  readonly terms?: string
}

export async function registrationOf(options: AddOptions, practice: number): Promise<Registration> {
  const { name, type, scope, redirectUri, launchUri, origin, jwks, issuer, only, ...rest } = options
  return {
    ...rest,
    ...{ name, type, scopes: scope },
    ...(only && { onlyPractice: practice }),
    ...(redirectUri && { redirectUris: redirectUri }),
    ...(launchUri && { launchUris: launchUri }),
    ...(origin && { origins: origin }),
    ...(issuer === false && { issuerInRedirect: false }),
    ...(jwks !== undefined && { keys: await keysFrom(jwks) }),
  }
}

/** A URL is registered as it is; anything else is a file. */
export async function keysFrom(source: string): Promise<NonNullable<Registration['keys']>> {
  if (/^https?:/.test(source)) return { url: source }
  try {
    return { set: await readFile(source, 'utf8') }
  } catch (cause) {
    throw new Problem('incorrect', `The key set cannot be read from the file ${source}`, { cause })
  }
}

/** What apps without a user, and apps with one, may ask for. */
const levels: Readonly<Record<AppType, readonly Level[]>> = {
  public: ['patient', 'user'],
  symmetric: ['patient', 'user'],
  asymmetric: ['patient', 'user', 'system'],
  backend: ['system'],
}

/** Throws unless every scope can be read and is one that such an app could get. */
export function checkScopes(type: AppType, scopes: string): void {
  const { resources, problems } = parseScopes(scopes)
  const [problem] = problems
  if (problem) throw problem
  if (resources.length === 0)
    throw new Problem('incorrect', `"${scopes}" has no scope of resources such as system/Patient.rs`)
  const foreign = resources.find(({ level }) => !levels[type].includes(level))
  if (foreign) {
    const may = levels[type].map((level) => `${level}/`).join(' and ')
    throw new Problem(
      'incorrect',
      `An app of type ${type} cannot use the scope "${foreign.text}": it may ask for ${may} scopes`,
    )
  }
}
