/**
 * Guessing of passwords is slowed: five failures a minute and twenty an hour, for a user name and for an address. An
 * attempt is noted before its password is looked at and taken back when it was right, so that many at once, over any
 * number of processes, get no more tries than one after the other.
 */
import { randomBytes } from 'node:crypto'
import type { Runner } from '#db'
import { Problem } from '#lib'
import { addFailure, countFailures, forgetFailures, removeFailure } from './failure-store.ts'

export const windows = [
  { seconds: 60, most: 5 },
  { seconds: 3600, most: 20 },
] as const

/** What failures of a user name are counted under. */
export function userSubject(username: string): string {
  return `user ${username.trim().toLowerCase()}`
}

/** The way out for a person who is locked out; how many failures there were. */
export function forgetFailedSignIns(db: Runner, practice: number, username: string): Promise<number> {
  return forgetFailures(db, practice, userSubject(username))
}

export interface Noted {
  /** It was no failure. */
  takeBack(): Promise<void>
}

/** Throws 'busy' with the minutes to wait when there were too many failures. */
export async function noteAttempt(db: Runner, practice: number, subjects: readonly string[]): Promise<Noted> {
  const attempt = { practice, subjects, id: randomBytes(9).toString('base64url') }
  await addFailure(db, attempt)
  const takeBack = () => removeFailure(db, attempt)
  for (const { seconds, most } of windows) {
    if ((await countFailures(db, { practice, subjects, seconds })) <= most) continue
    await takeBack() // whoever is locked out already is not locked out for longer by asking
    throw new LockedOut(Math.ceil(seconds / 60))
  }
  return { takeBack }
}

export class LockedOut extends Problem {
  readonly minutes: number

  constructor(minutes: number) {
    super('busy', 'There were too many attempts to sign in: wait and try again', { issue: 'throttled' })
    this.minutes = minutes
  }
}
