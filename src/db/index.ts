/** PostgreSQL: the pool, the `sql` tag, COPY, joined look-ups, migrations and the embedded server. */
export { cancellable } from './cancellable.ts'
export type { OnCopied } from './copied-rows.ts'
export { CopyRows, copyIn } from './copy.ts'
export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type Pipeline,
  type Runner,
  type Transaction,
} from './database.ts'
export { type EmbeddedServer, startEmbedded } from './embedded/server.ts'
export { type Find, type LookupKind, openLookups } from './lookups.ts'
export { migrate, migrations } from './migrate.ts'
export type { Notices } from './notices.ts'
export type { OnStatement } from './on-statement.ts'
export type { Filling, RowValues } from './row-values.ts'
export { and, join, name, or, type Sql, sql } from './sql.ts'
export { tables } from './tables.ts'
export { UnnestRows } from './unnest.ts'
