import type { App } from './app.ts'

/** A practice's word on an app. */
export interface AppPermission {
  readonly state: PermissionState
  readonly reason: string | undefined
  /** As far as these and the registered ones both allow it. */
  readonly scopes: string
  /** Undefined: every type. */
  readonly types: readonly string[] | undefined
  /** Groups that it may export; undefined: everybody's data. */
  readonly groups: readonly string[] | undefined
}

export type PermissionState = 'disabled' | 'enabled' | 'suspended'

/** The practice that apps are tried at; an app whose state is "sandbox" works there and nowhere else. */
const sandbox = 'sandbox'

interface Place {
  readonly number: number
  readonly id: string
  readonly name: string
}

/** Why an app may not work at a practice now, as a sentence that its developer can act on; undefined: it may. */
export function closedBecause(app: App, permission: AppPermission | undefined, practice: Place): string | undefined {
  const { onlyPractice } = app.record
  const ofPlatform = app.reason ? `: ${app.reason}` : ''
  if (onlyPractice !== undefined && onlyPractice !== practice.number) {
    return `This app is registered for another practice than ${practice.name}`
  }
  if (app.state === 'sandbox' && practice.id !== sandbox) {
    return `This app works at the practice "${sandbox}" only until the platform has approved it`
  }
  if (app.state !== 'approved' && app.state !== 'sandbox')
    return `This app is ${app.state} at the platform${ofPlatform}`
  const ofPractice = permission?.reason ? `: ${permission.reason}` : ''
  if (permission?.state === 'suspended') return `${practice.name} has suspended this app${ofPractice}`
  if (permission?.state !== 'enabled') {
    return `${practice.name} has not approved this app${ofPractice}. Ask its administrator to permit client_id ${app.client}`
  }
  return undefined
}
