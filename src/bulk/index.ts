/** Data in bulk: imports of files that a client lets the server fetch. */

// imports

export { removeExpiredImports } from './import/expired.ts'
export { importRoutes } from './import/import-routes.ts'
export { importOperation } from './import/operation.ts'
export type { ImportOptions } from './import/options.ts'
export { importJob } from './import/work/import-job.ts'
