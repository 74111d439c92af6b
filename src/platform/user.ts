import { Problem } from '#lib'

/** Somebody with an account at a practice. */
export interface User {
  readonly username: string
  readonly name: string
  readonly role: UserRole
  /** The resource that describes them, such as Practitioner/ID. */
  readonly fhirUser: string | undefined
  readonly isDisabled: boolean
  /** Whose records they may use today; of staff none. */
  readonly links: readonly PatientLink[]
}

export const userRoles = ['patient', 'guardian', 'clinician', 'administrator', 'auditor'] as const
export type UserRole = (typeof userRoles)[number]

export const linkKinds = ['self', 'parent', 'guardian', 'proxy'] as const

/** Whose record, as whom, until when. */
export interface PatientLink {
  readonly patient: string
  readonly kind: (typeof linkKinds)[number]
  /** The first day without it, as YYYY-MM-DD. */
  readonly until?: string | undefined
}

export type NewUser = Omit<User, 'isDisabled'>

/** User names are told apart without regard to case. */
export function readUsername(text: string): string {
  const username = text.trim().toLowerCase()
  if (!/^[a-z0-9][a-z0-9._@+-]{1,99}$/.test(username)) {
    throw new Problem('incorrect', 'A user name has 2 to 100 characters: letters a to z, digits and . _ @ + -')
  }
  return username
}

/** Throws 'incorrect' where role, resource and links do not fit each other. */
export function checkUser({ name, role, fhirUser, links }: NewUser): void {
  if (name.trim() === '' || name.length > 200) throw new Problem('incorrect', 'A name has 1 to 200 characters')
  const isStaff = role !== 'patient' && role !== 'guardian'
  if (isStaff && links.length > 0) {
    throw new Problem(
      'incorrect',
      `A person of role ${role} is linked to no patient: what they see follows from the role`,
    )
  }
  if (isStaff && fhirUser !== undefined && !/^Practitioner(?:Role)?\//.test(fhirUser)) {
    throw new Problem('incorrect', `A person of role ${role} is a Practitioner, not ${fhirUser}`)
  }
  if (role === 'patient' && links.filter(({ kind }) => kind === 'self').length !== 1) {
    throw new Problem('incorrect', 'A person of role patient has one record of their own: name it with --patient ID')
  }
  if (role === 'guardian' && links.length === 0) {
    throw new Problem('incorrect', 'A person of role guardian needs a patient: name each with --patient ID')
  }
}

const shortest = 8
const longest = 1000

/** https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver: length counts, rules about letters do not. */
export function checkNewPassword(password: string, username: string): void {
  const characters = [...password].length
  if (characters < shortest || characters > longest) {
    throw new Problem('incorrect', `A password has at least ${shortest} characters and at most ${longest}`)
  }
  if (password.toLowerCase() === username)
    throw new Problem('incorrect', 'The password is the user name: choose another')
}
