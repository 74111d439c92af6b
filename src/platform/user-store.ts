/** People with an account at a practice. */
import { type Database, type Runner, type Sql, sql } from '#db'
import { Problem } from '#lib'
import { hashPassword } from './password.ts'
import { checkUser, type NewUser, type PatientLink, readUsername, type User, type UserRole } from './user.ts'

interface UserRow {
  readonly username: string
  readonly name: string
  readonly role: UserRole
  readonly fhirUser: string | null
  readonly isDisabled: boolean
  readonly links: readonly { patient: string; kind: PatientLink['kind']; until: string | null }[] | null
}

const columns = sql`
  app_user.username, app_user.name, app_user.role, app_user.fhir_user as "fhirUser",
  app_user.disabled_at is not null as "isDisabled", links.links
`

/** Links that hold today. */
function withLinks(practice: number): Sql {
  return sql`
    app_user left join lateral (
      select json_agg(json_build_object('patient', l.patient, 'kind', l.kind, 'until', l.until) order by l.patient) as links
      from user_patient l
      where l.practice = ${practice} and l.username = app_user.username and (l.until is null or l.until > current_date)
    ) links on true`
}

/** `username` as somebody typed it. */
export async function findUser(db: Runner, practice: number, username: string): Promise<User | undefined> {
  const row = await db.maybeOne<UserRow>(sql`
    select ${columns} from ${withLinks(practice)}
    where app_user.practice = ${practice} and app_user.username = ${username.trim().toLowerCase()}
  `)
  return row && userOf(row)
}

export async function listUsers(db: Runner, practice: number): Promise<User[]> {
  const rows = await db.many<UserRow>(sql`
    select ${columns} from ${withLinks(practice)} where app_user.practice = ${practice} order by app_user.username
  `)
  return rows.map(userOf)
}

/** The hash of a password; undefined: no such user, or disabled. */
export async function passwordOf(db: Runner, practice: number, username: string): Promise<string | undefined> {
  const row = await db.maybeOne<{ password: string }>(sql`
    select password from app_user
    where practice = ${practice} and username = ${username.trim().toLowerCase()} and disabled_at is null
  `)
  return row?.password
}

interface Credentials {
  readonly password: string
  /** The sign-in page lists it with its password: made-up people of the sandbox only. */
  readonly isPersona?: boolean
}

/** Throws 'conflict' when the user name is taken, 'incorrect' where the facts do not fit. */
export async function addUser(db: Database, practice: number, user: NewUser, credentials: Credentials): Promise<void> {
  checkUser(user)
  const username = readUsername(user.username)
  const hash = await hashPassword(credentials.password)
  const shown = credentials.isPersona ? credentials.password : null
  await db.transaction(async (transaction) => {
    const added = await transaction.run(sql`
      insert into app_user (practice, username, name, role, password, fhir_user, shown_password)
      values (${practice}, ${username}, ${user.name}, ${user.role}, ${hash}, ${user.fhirUser ?? null}, ${shown})
      on conflict do nothing
    `)
    if (added === 0) throw new Problem('conflict', `There is a user "${username}" already at this practice`)
    for (const { patient, kind, until } of user.links) {
      await transaction.run(sql`
        insert into user_patient (practice, username, patient, kind, until)
        values (${practice}, ${username}, ${patient}, ${kind}, ${until ?? null})
      `)
    }
  })
}

/** False when there is no such user. A persona's is shown no more. */
export async function setPassword(
  db: Runner,
  practice: number,
  { username, hash }: { readonly username: string; readonly hash: string },
): Promise<boolean> {
  const changed = await db.run(sql`
    update app_user set password = ${hash}, shown_password = null, changed_at = now()
    where practice = ${practice} and username = ${username}
  `)
  return changed > 0
}

/** False when there is no such user. */
export async function setUserDisabled(
  db: Runner,
  practice: number,
  { username, isDisabled }: Pick<User, 'username' | 'isDisabled'>,
): Promise<boolean> {
  const changed = await db.run(sql`
    update app_user set disabled_at = ${isDisabled ? new Date() : null}, changed_at = now()
    where practice = ${practice} and username = ${username}
  `)
  return changed > 0
}

/** A made-up person of the sandbox, with the password that everybody may know. */
export interface PersonaRow {
  readonly username: string
  readonly password: string
  readonly name: string
  readonly role: UserRole
}

export function personasAt(db: Runner, practice: number): Promise<PersonaRow[]> {
  return db.many<PersonaRow>(sql`
    select username, shown_password as password, name, role from app_user
    where practice = ${practice} and shown_password is not null and disabled_at is null order by created_at, username
  `)
}

function userOf({ fhirUser, links, ...row }: UserRow): User {
  const held = (links ?? []).map(({ until, ...link }) => ({ ...link, until: until ?? undefined }))
  return { ...row, fhirUser: fhirUser ?? undefined, links: held }
}
