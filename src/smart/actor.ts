import { hash } from 'node:crypto'
import type { Practice } from '#http'
import type { Side } from '#platform'
import type { Reader } from './launches/charts.ts'
import type { LinkedPatient, Person, Session } from './sessions/session.ts'
import type { LaunchedPerson } from './tokens/launch-store.ts'

/** Who answers an authorization request: signed in here, or by the EHR that launched the app. */
export interface Actor extends Pick<Person, 'name' | 'role' | 'fhirUser' | 'patients'> {
  /** Undefined: the EHR's own, without an account here. */
  readonly username: string | undefined
  readonly signedInAt: Date
  /** Of the sign-in here. */
  readonly session: string | undefined
}

export function actorOf({ person, key, startedAt }: Session): Actor {
  return { ...person, signedInAt: startedAt, session: key }
}

/** Whom a launch names by reference. */
export function launchedActor({ fhirUser, role = 'clinician' }: LaunchedPerson, now: Date): Actor {
  const name = fhirUser ?? ''
  return { name, role, fhirUser, patients: [], username: undefined, signedInAt: now, session: undefined }
}

/** `sub`: never the user name, which some people would not have every app know. */
export function subjectOf(
  practice: Pick<Practice, 'number'>,
  { username, fhirUser }: Pick<Actor, 'username' | 'fhirUser'>,
): string {
  const who = username === undefined ? `reference\n${fhirUser}` : `user\n${username}`
  return hash('sha256', `${practice.number}\n${who}`, 'base64url')
}

export function worksHere({ role }: Pick<Actor, 'role'>): boolean {
  return role !== 'patient' && role !== 'guardian'
}

/** Whose eyes the pages look with. */
export function readerOf({ fhirUser, role, patients }: Actor): Reader {
  return { role, patients: patients.map(({ id }) => id), ...(fhirUser !== undefined && { user: fhirUser }) }
}

/** On whose word an app works for them. */
export function sideOf(actor: Pick<Actor, 'role'>): Side {
  return worksHere(actor) ? 'practice' : 'patients'
}

export function isLinkedTo({ patients }: { readonly patients: readonly LinkedPatient[] }, patient: string): boolean {
  return patients.some(({ id }) => id === patient)
}
