import { type Level, negotiate, parseScopes, type ResourceScope } from '#access'
import type { Practice } from '#http'
import type { App, AppPermission } from '#platform'
import { type AskedScope, askedScopes, resourceScopes } from './asked-scopes.ts'

/** Scopes of an authorization request that are about no resource (specs/smart.md 7). */
export const otherScopes = [
  'openid',
  'fhirUser',
  'profile',
  'launch',
  'launch/patient',
  'launch/encounter',
  'offline_access',
  'online_access',
] as const

export type OtherScope = (typeof otherScopes)[number]

/** What a person may grant of what an app asks. */
export interface Offered {
  /** In the order and spelling asked. */
  readonly others: readonly AskedScope[]
  readonly resources: readonly ResourceScope[]
  /** Whether resources were asked for at all. */
  readonly asksForResources: boolean
}

interface Asking {
  readonly practice: Pick<Practice, 'dialect'>
  readonly app: Pick<App, 'record'>
  readonly permission: Pick<AppPermission, 'scopes' | 'types'>
  /** Undefined: no resource describes them, so that user/ scopes reach nobody and no app can be told who they are. */
  readonly fhirUser: string | undefined
  /** An EHR launched the app. */
  readonly isLaunched: boolean
  readonly scope: string
}

const levels: readonly Level[] = ['patient', 'user']

/** What was asked, as far as the app registered it, the practice permits it, and the person has it to give. */
export function offeredScopes({ practice, app, permission, fhirUser, isLaunched, scope }: Asking): Offered {
  const asked = askedScopes(scope, practice)
  const registered = new Set(askedScopes(app.record.scopes, practice).map((one) => one.scope))
  const others = asked.filter(({ scope: one }) => {
    if (one === 'launch') return isLaunched
    if (one === 'launch/patient' || one === 'launch/encounter') return true // a choice, and no right by itself
    if (one === 'fhirUser' && fhirUser === undefined) return false
    return isOther(one) && registered.has(one)
  })
  const wanted = resourceScopes(asked)
  const resources = negotiate(allowedResources(app, permission), wanted).filter(
    ({ level }) => levels.includes(level) && (level !== 'user' || fhirUser !== undefined),
  )
  return { others, resources, asksForResources: wanted.length > 0 }
}

/** What the app registered, as far as the practice permits it. */
function allowedResources(
  { record }: Pick<App, 'record'>,
  { scopes, types }: Pick<AppPermission, 'scopes' | 'types'>,
): readonly ResourceScope[] {
  const permitted = negotiate(parseScopes(record.scopes).resources, parseScopes(scopes).resources)
  if (!types) return permitted
  const ofTypes = types.flatMap((type) => levels.map((level) => `${level}/${type}.cruds`))
  return negotiate(parseScopes(ofTypes.join(' ')).resources, permitted)
}

function isOther(scope: string): scope is OtherScope {
  return (otherScopes as readonly string[]).includes(scope)
}
