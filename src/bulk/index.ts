/** Data in bulk: exports, and imports of files that a client lets the server fetch; records as files for administrators. */

// exports: what the FHIR API serves

export { filePlaces } from './download/file-places.ts'
export type { ExportFace, ExportSettings } from './face.ts'
export { exports } from './operations/exports.ts'
export { exportOperations } from './operations/index.ts'
export { exportRoutes } from './routes.ts'

// their work in the background

export { seeOf } from './exporter.ts'
export { removeOldExports } from './records/remove-store.ts'
export { exportJob } from './work/job.ts'
export type { ExportParts } from './work/parts.ts'
export { removalJob } from './work/removal.ts'

// imports

export { removeExpiredImports } from './import/expired.ts'
export { importRoutes } from './import/import-routes.ts'
export { describedImport, importOperation } from './import/operation.ts'
export type { ImportOptions } from './import/options.ts'
export { importJob } from './import/work/import-job.ts'

// for administrators

export { type BulkWork, endBulkWork, listBulkWork } from './administration.ts'
export { type EhiManifest, exportEhi } from './ehi/ehi-export.ts'
