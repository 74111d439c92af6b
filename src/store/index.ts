/** FHIR resources in PostgreSQL: read, search and write, always of one practice and through the access decision. */
export type { IndexScope } from './index/rows.ts'
export { mainDates } from './main-dates.ts'
export { takeT } from './resources/stamp.ts'
export type { Clause, Predicate, See } from './see.ts'
export type { Cursor, Found, Page, Row, Store, WriteOperation, WriteOptions, WriteResult } from './store.ts'
export { openStores, type Stores } from './stores.ts'
