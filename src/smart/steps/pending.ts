import type { SpentLaunch } from '../tokens/launch-store.ts'

/** What an app asks of a person, once it was checked. */
export interface AuthorizationRequest {
  readonly client: string
  readonly redirectUri: string
  readonly state?: string
  /** As it was asked. */
  readonly scope: string
  /** The FHIR base that `aud` named. */
  readonly base: string
  /** Of PKCE, by S256. */
  readonly challenge?: string
  readonly nonce?: string
  readonly prompt?: 'none' | 'login'
}

/** A request on its way, with what was decided so far. */
export interface Pending extends AuthorizationRequest {
  /** Milliseconds since 1970. */
  readonly since: number
  /** Of an EHR, which has signed the person in. */
  readonly launch?: SpentLaunch
  /** Who made the choices below; they are nobody else's. */
  readonly chosenBy?: string
  readonly patient?: string
  /** Empty: none. */
  readonly encounter?: string
}
