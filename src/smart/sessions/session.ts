import type { IncomingHttpHeaders } from 'node:http'
import type { Practice } from '#http'

/** A patient whose record somebody may use in person. */
export interface LinkedPatient {
  readonly id: string
  readonly name: string
  readonly birthDate?: string | undefined
  readonly sex?: string | undefined
  readonly recordNumber?: string | undefined
  readonly kind: 'self' | 'parent' | 'guardian' | 'proxy'
}

/** Somebody with an account at a practice. */
export interface Person {
  readonly username: string
  readonly name: string
  readonly role: 'patient' | 'guardian' | 'clinician' | 'administrator' | 'auditor'
  /** Such as Practitioner/ID; undefined: no resource describes them. */
  readonly fhirUser: string | undefined
  /** Links that hold today; of staff none. */
  readonly patients: readonly LinkedPatient[]
}

/** Somebody signed in, in one browser. */
export interface Session {
  readonly person: Person
  /** What the database has in place of its id: for what ends with it (online_access). */
  readonly key: string
  readonly startedAt: Date
}

/** A browser: what its cookie says, before sign-in too. CSRF tokens are bound to it. */
export interface Browser {
  readonly id: string
  /** The header that gives it its cookie; undefined: it has one. */
  readonly setCookie: string | undefined
}

export interface Attempt {
  readonly username: string
  readonly password: string
  /** Of the browser's machine. */
  readonly address: string
}

/** Sign-in at practices: what a page or step needs of it. */
export interface Sessions {
  /** The browser's id, a new one when it has none. */
  browserOf(practice: Practice, headers: IncomingHttpHeaders): Browser
  /** Undefined: nobody is signed in here. */
  sessionOf(practice: Practice, headers: IncomingHttpHeaders): Promise<Session | undefined>
  /** Throws 'unauthenticated' (with the same words for no such user) or 'busy' after too many failures. */
  checkPassword(practice: Practice, attempt: Attempt): Promise<Person>
  /** Signs in: the browser gets a new id, and what its old one stood for ends. */
  startSession(
    practice: Practice,
    person: Person,
    headers: IncomingHttpHeaders,
  ): Promise<{ readonly session: Session; readonly browser: Browser }>
  /** Signs out; answers the header that takes the cookie away. */
  endSession(practice: Practice, headers: IncomingHttpHeaders): Promise<string>
  /** A person by user name, for a launch of the EHR; undefined: none, or disabled. */
  personNamed(practice: Practice, username: string): Promise<Person | undefined>
}
