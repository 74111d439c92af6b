/** Requests for authorization whose person signs in, chooses and consents meanwhile. */
import { type Runner, sql } from '#db'
import type { Pending } from '../steps/pending.ts'
import { hashToken, newToken } from './access-tokens.ts'

/** A person reads, looks for a password, asks somebody. */
const seconds = 1800

/** Keeps a request; its id, which stands in addresses and forms. */
export async function addPending(db: Runner, practice: number, pending: Pending): Promise<string> {
  const id = newToken()
  await db.run(sql`
    insert into as_tx (practice, hash, client, params, exp)
    values (${practice}, ${hashToken(practice, id)}, ${pending.client}, ${JSON.stringify(pending)}::jsonb,
      now() + make_interval(secs => ${seconds}))
  `)
  return id
}

export async function findPending(db: Runner, practice: number, id: string): Promise<Pending | undefined> {
  const row = await db.maybeOne<{ params: Pending }>(sql`
    select params from as_tx where practice = ${practice} and hash = ${hashToken(practice, id)} and exp > now()
  `)
  return row?.params
}

export async function changePending(db: Runner, practice: number, id: string, pending: Pending): Promise<void> {
  await db.run(sql`
    update as_tx set params = ${JSON.stringify(pending)}::jsonb
    where practice = ${practice} and hash = ${hashToken(practice, id)}
  `)
}

/** Ends a request; false when it was ended before: of two answers only one counts. */
export async function endPending(db: Runner, practice: number, id: string): Promise<boolean> {
  return (await db.run(sql`delete from as_tx where practice = ${practice} and hash = ${hashToken(practice, id)}`)) === 1
}

/** Ends all requests of an app that wait for their person. */
export async function endPendingOf(db: Runner, practice: number, client: string): Promise<void> {
  await db.run(sql`delete from as_tx where practice = ${practice} and client = ${client}`)
}
