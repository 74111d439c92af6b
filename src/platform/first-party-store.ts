/** Apps that are part of the server itself: one for each practice, under a client_id that follows from its purpose. */
import { hash } from 'node:crypto'
import { type Database, sql } from '#db'
import type { App } from './app.ts'
import { appNamed } from './app-store.ts'
import { findPermission, permitApp } from './permission-store.ts'

interface FirstParty extends Pick<App, 'name' | 'record'> {
  readonly practice: number
  /** A word that tells it from others of the practice. */
  readonly purpose: string
}

/** The app, made and permitted where it is not there yet: a practice that switched it off is not overruled. */
export async function firstPartyApp(db: Database, { practice, purpose, name, record }: FirstParty): Promise<App> {
  const client = hash('sha256', `first-party\n${practice}\n${purpose}`, 'hex').slice(0, 32)
  const added = await db.run(sql`
    insert into app (client, name, type, state, record)
    values (${client}, ${name}, 'public', 'approved', ${JSON.stringify({ ...record, onlyPractice: practice })}::jsonb)
    on conflict (client) do nothing
  `)
  if (added > 0 && !(await findPermission(db, practice, client))) {
    await permitApp(db, practice, client, { scopes: record.scopes, types: undefined, groups: undefined })
  }
  return appNamed(db, client)
}
