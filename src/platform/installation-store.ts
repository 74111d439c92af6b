import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { type Database, sql } from '#db'

/** A key of the installation, made once and the same for all processes; 32 random bytes. */
export async function installationKey(db: Database, name: string): Promise<KeyObject> {
  return createSecretKey(await firstInstallationNote(db, name, randomBytes(32).toString('base64url')), 'base64url')
}

/** The note that is kept since the first process gave it; this one when there was none. */
export async function firstInstallationNote(db: Database, name: string, value: string): Promise<string> {
  await db.run(sql`insert into installation (key, value) values (${name}, ${value}) on conflict do nothing`)
  return (await installationNote(db, name)) ?? value
}

/** A note that the installation keeps, such as that the sandbox is complete. */
export async function installationNote(db: Database, name: string): Promise<string | undefined> {
  return (await db.maybeOne<{ value: string }>(sql`select value from installation where key = ${name}`))?.value
}

export async function setInstallationNote(db: Database, name: string, value: string): Promise<void> {
  await db.run(
    sql`insert into installation (key, value) values (${name}, ${value}) on conflict (key) do update set value = excluded.value`,
  )
}
