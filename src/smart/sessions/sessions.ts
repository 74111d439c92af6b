import type { IncomingHttpHeaders } from 'node:http'
import type { Database } from '#db'
import type { Practice } from '#http'
import { Problem } from '#lib'
import { findUser, isPassword, passwordOf, type User } from '#platform'
import { networkOf } from '../limits/network-of.ts'
import { newId, readCookie, removeCookie, writeCookie } from './cookie.ts'
import { noteAttempt, userSubject } from './lockout.ts'
import type { Records } from './records.ts'
import type { Attempt, Browser, LinkedPatient, Person, Session, Sessions } from './session.ts'
import { addSession, removeSession, sessionKey, useSession } from './session-store.ts'

export interface SessionParts {
  readonly db: Database
  readonly records: Pick<Records, 'patientsOf'>
  /** Told of a sign-in that is over, by its key: what was granted for its time ends. */
  readonly onEnd: (practice: Practice, key: string) => Promise<void>
}

/** A sign-in ends when nothing came for half an hour, and after a working day at the latest. */
const idleMinutes = 30
const mostHours = 12

export function openSessions(parts: SessionParts): Sessions {
  const { db } = parts
  async function end(practice: Practice, headers: IncomingHttpHeaders): Promise<void> {
    const id = readCookie(practice, headers.cookie)
    if (id === undefined) return
    const key = sessionKey(practice.number, id)
    if ((await removeSession(db, practice.number, key)) !== undefined) await parts.onEnd(practice, key)
  }
  return {
    browserOf,
    sessionOf: (practice, headers) => sessionOf(parts, practice, headers),
    checkPassword: (practice, attempt) => checkPassword(parts, practice, attempt),
    async startSession(practice, person, headers) {
      await end(practice, headers) // another person's, or this one's from before
      const id = newId()
      const key = sessionKey(practice.number, id)
      const { username } = person
      const startedAt = await addSession(db, { practice: practice.number, key, username, hours: mostHours })
      return {
        session: { person, key, startedAt },
        browser: { id, setCookie: writeCookie(practice, id) },
      }
    },
    async endSession(practice, headers) {
      await end(practice, headers)
      return removeCookie(practice)
    },
    personNamed: (practice, username) => personNamed(parts, practice, username),
  }
}

function browserOf(practice: Practice, headers: IncomingHttpHeaders): Browser {
  const known = readCookie(practice, headers.cookie)
  if (known !== undefined) return { id: known, setCookie: undefined }
  const id = newId()
  return { id, setCookie: writeCookie(practice, id) }
}

async function sessionOf(
  parts: SessionParts,
  practice: Practice,
  headers: IncomingHttpHeaders,
): Promise<Session | undefined> {
  const id = readCookie(practice, headers.cookie)
  if (id === undefined) return undefined
  const key = sessionKey(practice.number, id)
  const stored = await useSession(parts.db, { practice: practice.number, key, idleMinutes })
  const person = stored && (await personNamed(parts, practice, stored.username))
  return person && { person, key, startedAt: stored.startedAt }
}

async function checkPassword(parts: SessionParts, practice: Practice, attempt: Attempt): Promise<Person> {
  const { username, password, address } = attempt
  const subjects = [userSubject(username), `address ${networkOf(address)}`]
  const noted = await noteAttempt(parts.db, practice.number, subjects)
  const isRight = await isPassword(password, await passwordOf(parts.db, practice.number, username))
  const person = isRight ? await personNamed(parts, practice, username) : undefined
  if (!person) throw new Problem('unauthenticated', 'The user name or the password is not right', { issue: 'login' })
  await noted.takeBack()
  return person
}

async function personNamed(parts: SessionParts, practice: Practice, username: string): Promise<Person | undefined> {
  const user = await findUser(parts.db, practice.number, username)
  if (!user || user.isDisabled) return undefined
  const { name, role, fhirUser } = user
  return { username: user.username, name, role, fhirUser, patients: await linkedPatients(parts, practice, user) }
}

/** In the order of the links; a patient whose record is gone is not offered. */
async function linkedPatients({ records }: SessionParts, practice: Practice, { links }: User) {
  if (links.length === 0) return []
  const told = await records.patientsOf(
    practice,
    links.map(({ patient }) => patient),
  )
  return links.flatMap(({ patient, kind }): LinkedPatient[] => {
    const found = told.find(({ id }) => id === patient)
    return found ? [{ ...found, kind }] : []
  })
}
