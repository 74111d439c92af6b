/** Launches that an EHR made: five minutes for the app that is launched, once. */
import type { Principal } from '#access'
import { type Runner, sql } from '#db'
import type { LaunchContext } from '../launches/launch-context.ts'
import { hashToken, newToken } from './access-tokens.ts'

/** Whom the EHR has signed in: somebody with an account here, or whom it names by reference. */
export interface LaunchedPerson {
  readonly username?: string
  readonly fhirUser?: string
  readonly role?: NonNullable<Principal['role']>
}

export interface NewLaunch {
  readonly practice: number
  /** The app that is launched. */
  readonly client: string
  /** The client that made it. */
  readonly maker: string
  readonly person: LaunchedPerson
  readonly context: LaunchContext
}

export const launchSeconds = 300

/** Stores a launch; its text. */
export async function addLaunch(db: Runner, { practice, client, maker, person, context }: NewLaunch): Promise<string> {
  const launch = newToken()
  await db.run(sql`
    insert into as_launch (practice, hash, client, maker, person, context, exp)
    values (${practice}, ${hashToken(practice, launch)}, ${client}, ${maker}, ${JSON.stringify(person)}::jsonb,
      ${JSON.stringify(context)}::jsonb, now() + make_interval(secs => ${launchSeconds}))
  `)
  return launch
}

export interface SpentLaunch {
  readonly hash: string
  /** The client that made it. */
  readonly maker: string
  readonly person: LaunchedPerson
  readonly context: LaunchContext
}

/** Spends a launch of an app; undefined: there is none, it is another app's, or it came before or too late. */
export function spendLaunch(
  db: Runner,
  { practice, client, launch }: { readonly practice: number; readonly client: string; readonly launch: string },
): Promise<SpentLaunch | undefined> {
  return db.maybeOne<SpentLaunch>(sql`
    update as_launch set used_at = now()
    where practice = ${practice} and hash = ${hashToken(practice, launch)} and client = ${client} and used_at is null
      and exp > now()
    returning hash, maker, person, context
  `)
}

/** Nobody can spend the launches any more that are for an app, or that it made. */
export async function endLaunchesOf(db: Runner, practice: number, client: string): Promise<void> {
  await db.run(sql`
    update as_launch set used_at = now()
    where practice = ${practice} and (client = ${client} or maker = ${client}) and used_at is null
  `)
}

/** One launch by its text, or all of a person. */
export type Ending = { readonly launch: string } | { readonly person: LaunchedPerson }

/** Nobody can spend them any more; the hashes of those that this maker made. */
export async function endLaunches(
  db: Runner,
  { practice, maker }: { readonly practice: number; readonly maker: string },
  which: Ending,
): Promise<string[]> {
  const condition =
    'launch' in which
      ? sql`hash = ${hashToken(practice, which.launch)}`
      : sql`(person ->> 'username' = ${which.person.username ?? null} or person ->> 'fhirUser' = ${which.person.fhirUser ?? null})`
  const rows = await db.many<{ hash: string }>(sql`
    update as_launch set used_at = coalesce(used_at, now())
    where practice = ${practice} and maker = ${maker} and ${condition}
    returning hash
  `)
  return rows.map(({ hash }) => hash)
}
