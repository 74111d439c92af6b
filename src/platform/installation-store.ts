import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { type Database, sql } from '#db'

/** A key of the installation, made once and the same for all processes; 32 random bytes. */
export async function installationKey(db: Database, name: string): Promise<KeyObject> {
  await db.run(sql`
    insert into installation (key, value) values (${name}, ${randomBytes(32).toString('base64url')}) on conflict do nothing
  `)
  const row = await db.maybeOne<{ value: string }>(sql`select value from installation where key = ${name}`)
  return createSecretKey(row?.value ?? '', 'base64url')
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
