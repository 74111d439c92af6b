import { type App, type AppState, servesPatients } from './app.ts'

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
  /** It may let the server fetch files and load them ($import). */
  readonly mayImport: boolean
}

/** What a practice says when it permits an app. */
export type Permitting = Pick<AppPermission, 'scopes' | 'types' | 'groups'> & Partial<Pick<AppPermission, 'mayImport'>>

export type PermissionState = 'disabled' | 'enabled' | 'suspended'

/** For whom an app works: patients and who acts for them, or the practice, which are its staff and apps without users. */
export type Side = 'patients' | 'practice'

/** The practice that apps are tried at; an app whose state is "sandbox" works there and nowhere else. */
const sandbox = 'sandbox'

interface Place {
  readonly number: number
  readonly id: string
  readonly name: string
}

interface AppAt {
  readonly app: App
  /** What the practice said of it, if anything. */
  readonly given: AppPermission | undefined
  readonly practice: Place
}

/** What an app may for one side; or why nothing, as a sentence that its developer can act on. */
export type Permitted =
  | { readonly permission: AppPermission; readonly closed?: undefined }
  | { readonly closed: string; readonly permission?: undefined }

/** An app that serves patients needs no permission for them: it is on everywhere until somebody suspends it with a reason. */
export function permittedTo(side: Side, { app, given, practice }: AppAt): Permitted {
  const closed = closedAtPlatform(app, practice)
  if (closed !== undefined) return { closed }
  const because = given?.reason ? `: ${given.reason}` : ''
  if (given?.state === 'suspended') return { closed: `${practice.name} has suspended this app${because}` }
  const isOnAnyway = side === 'patients' && servesPatients(app)
  if (isOnAnyway) return { permission: { ...everything, scopes: app.record.scopes } }
  if (given?.state === 'enabled') return { permission: given }
  const staff = servesPatients(app) ? ' for its staff' : ''
  const ask = `Ask its administrator to permit client_id ${app.client}`
  return { closed: `${practice.name} has not approved this app${staff}${because}. ${ask}` }
}

/** Why an app may not work at a practice for anybody; undefined: it may. */
export function closedBecause(app: App, given: AppPermission | undefined, practice: Place): string | undefined {
  return permittedTo(servesPatients(app) ? 'patients' : 'practice', { app, given, practice }).closed
}

const everything = {
  state: 'enabled',
  reason: undefined,
  types: undefined,
  groups: undefined,
  mayImport: false,
} as const

function closedAtPlatform(app: App, practice: Place): string | undefined {
  const { onlyPractice } = app.record
  if (onlyPractice !== undefined && onlyPractice !== practice.number) {
    return `This app is registered for another practice than ${practice.name}`
  }
  if (app.state === 'sandbox' && practice.id !== sandbox) {
    return `This app works at the practice "${sandbox}" only until the platform has approved it`
  }
  if (isOnAt(app.state, practice)) return undefined
  return `This app is ${app.state} at the platform${app.reason ? `: ${app.reason}` : ''}`
}

/** Whether an app of this state may work there at all, as far as the platform has a say. */
export function isOnAt(state: AppState, { id }: Pick<Place, 'id'>): boolean {
  return state === 'approved' || (state === 'sandbox' && id === sandbox)
}
