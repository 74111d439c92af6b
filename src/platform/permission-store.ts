import { type Database, sql } from '#db'
import type { AppPermission, PermissionState, Permitting } from './permission.ts'

export async function findPermission(
  db: Database,
  practice: number,
  client: string,
): Promise<AppPermission | undefined> {
  const row = await db.maybeOne<PermissionRow>(sql`
    select state, reason, scopes, types, groups, may_import from app_permission where practice = ${practice} and client = ${client}
  `)
  return row && permissionOf(row)
}

/** What a practice permits each app that it has decided on, by client_id. */
export async function permissionsAt(db: Database, practice: number): Promise<Map<string, AppPermission>> {
  const rows = await db.many<PermissionRow & { client: string }>(sql`
    select client, state, reason, scopes, types, groups, may_import from app_permission where practice = ${practice} order by client
  `)
  return new Map(rows.map((row) => [row.client, permissionOf(row)]))
}

/** Permits an app, in place of what was permitted before. */
export async function permitApp(
  db: Database,
  practice: number,
  client: string,
  { scopes, types, groups, mayImport = false }: Permitting,
): Promise<void> {
  await db.run(sql`
    insert into app_permission (practice, client, state, scopes, types, groups, may_import)
    values (${practice}, ${client}, 'enabled', ${scopes}, ${types ?? null}::text[], ${groups ?? null}::text[], ${mayImport})
    on conflict (practice, client) do update set state = excluded.state, reason = null, scopes = excluded.scopes,
      types = excluded.types, groups = excluded.groups, may_import = excluded.may_import, changed_at = clock_timestamp()
  `)
}

/** Switches an app on or off at a practice and keeps what it was permitted; false: the practice never permitted it. */
export async function setPermissionState(
  db: Database,
  practice: number,
  client: string,
  { state, reason }: { readonly state: PermissionState; readonly reason?: string | undefined },
): Promise<boolean> {
  const changed = await db.run(sql`
    update app_permission set state = ${state}, reason = ${reason ?? null}, changed_at = clock_timestamp()
    where practice = ${practice} and client = ${client}
  `)
  return changed > 0
}

/** Suspends an app with a reason, also one that works without a permission; that it has none is kept as no scopes. */
export async function suspendApp(db: Database, practice: number, client: string, reason: string): Promise<void> {
  await db.run(sql`
    insert into app_permission (practice, client, state, reason, scopes)
    values (${practice}, ${client}, 'suspended', ${reason}, '')
    on conflict (practice, client) do update set state = excluded.state, reason = excluded.reason, changed_at = clock_timestamp()
  `)
}

/** Takes back the suspension of an app that was never permitted; false: there is none. */
export async function endBareSuspension(db: Database, practice: number, client: string): Promise<boolean> {
  const removed = await db.run(sql`
    delete from app_permission
    where practice = ${practice} and client = ${client} and state = 'suspended' and scopes = ''
  `)
  return removed > 0
}

interface PermissionRow {
  readonly state: PermissionState
  readonly reason: string | null
  readonly scopes: string
  readonly types: string[] | null
  readonly groups: string[] | null
  readonly may_import: boolean
}

function permissionOf({ state, reason, scopes, types, groups, may_import: mayImport }: PermissionRow): AppPermission {
  return {
    ...{ state, scopes, mayImport },
    ...{ reason: reason ?? undefined, types: types ?? undefined, groups: groups ?? undefined },
  }
}
