/** Apps in the database: the installation's own, whatever practices they serve. */
import { hash, randomBytes } from 'node:crypto'
import { type Database, sql } from '#db'
import { Problem } from '#lib'
import type { App, AppRecord, AppState, AppType, ClientKeys } from './app.ts'

interface AppRow {
  readonly client: string
  readonly name: string
  readonly type: AppType
  readonly state: AppState
  readonly reason: string | null
  readonly record: AppRecord
  readonly secrets: string[]
}

const columns = sql`
  client, name, type, state, reason, record,
  array(select hash from app_secret s where s.client = app.client and (s.exp is null or s.exp > now()) order by s.created_at) as secrets
`

/** Ours are of these letters, which need no escaping anywhere. */
export function isClientId(text: string): boolean {
  return /^[\w-]{1,100}$/.test(text)
}

export async function findApp(db: Database, client: string): Promise<App | undefined> {
  if (!isClientId(client)) return undefined
  const row = await db.maybeOne<AppRow>(sql`select ${columns} from app where client = ${client}`)
  return row && appOf(row)
}

export async function appNamed(db: Database, client: string): Promise<App> {
  const app = await findApp(db, client)
  if (!app) throw new Problem('not-found', `There is no app "${client}": charthouse app list shows them`)
  return app
}

export async function listApps(db: Database): Promise<App[]> {
  return (await db.many<AppRow>(sql`select ${columns} from app order by name, client`)).map(appOf)
}

/** Adds an app under a client_id of its own. */
export async function addApp(
  db: Database,
  { name, type, record }: Pick<App, 'name' | 'type' | 'record'>,
  state: AppState,
): Promise<App> {
  const client = randomBytes(16).toString('hex')
  await db.run(sql`
    insert into app (client, name, type, state, record)
    values (${client}, ${name}, ${type}, ${state}, ${JSON.stringify(record)}::jsonb)
  `)
  return appNamed(db, client)
}

export async function setAppState(
  db: Database,
  client: string,
  { state, reason }: { readonly state: AppState; readonly reason?: string | undefined },
): Promise<void> {
  await db.run(sql`
    update app set state = ${state}, reason = ${reason ?? null}, changed_at = clock_timestamp() where client = ${client}
  `)
}

export async function setAppKeys(db: Database, client: string, keys: ClientKeys): Promise<void> {
  await db.run(sql`
    update app set record = jsonb_set(record, '{keys}', ${JSON.stringify(keys)}::jsonb), changed_at = clock_timestamp()
    where client = ${client}
  `)
}

/** Registers something else for an app, in place of all that it had. */
export async function setRecord(db: Database, client: string, record: AppRecord): Promise<void> {
  await db.run(sql`
    update app set record = ${JSON.stringify(record)}::jsonb, changed_at = clock_timestamp()
    where client = ${client} and record <> ${JSON.stringify(record)}::jsonb
  `)
}

/** A new secret, which is told this once; the one before it is good for some hours more, older ones are no longer. */
export async function addSecret(db: Database, client: string, overlapHours: number): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  await db.run(sql`
    with latest as (select hash from app_secret where client = ${client} and exp is null),
    gone as (delete from app_secret where client = ${client} and hash not in (select hash from latest)),
    ending as (
      update app_secret set exp = now() + make_interval(secs => ${overlapHours * 3600})
      where client = ${client} and hash in (select hash from latest)
    )
    insert into app_secret (client, hash) values (${client}, ${hashSecret(client, secret)})
  `)
  return secret
}

/** 256 random bits need no slow hash. */
export function hashSecret(client: string, secret: string): string {
  return hash('sha256', `${client}\n${secret}`, 'base64url')
}

function appOf({ reason, ...row }: AppRow): App {
  return { ...row, reason: reason ?? undefined }
}
