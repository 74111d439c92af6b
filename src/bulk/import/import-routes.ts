import type { Route } from '#http'
import { importErrors } from './error-file.ts'
import { listOwnImports } from './list.ts'
import type { ImportOptions } from './options.ts'
import { deleteImportStatus, importStatus } from './status.ts'

/** The routes of imports below a base, beside the operation itself. */
export function importRoutes(options: ImportOptions): readonly Route[] {
  // biome-ignore format: a table
  return [
    { method: 'GET',    path: '/$import-status',               interaction: '$import-status', servesContent: true, answer: (call) => listOwnImports(options, call) },
    { method: 'GET',    path: '/$import-status/:id',           interaction: '$import-status', answer: (call) => importStatus(options, call) },
    { method: 'DELETE', path: '/$import-status/:id',           interaction: '$import-status', answer: (call) => deleteImportStatus(options, call) },
    { method: 'GET',    path: '/$import-status/:id/errors/:n', interaction: '$import-errors', servesContent: true, answer: (call) => importErrors(options, call) },
  ]
}
