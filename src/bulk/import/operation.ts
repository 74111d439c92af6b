import type { Operation } from '#rest'
import { beginImport } from './kick-off.ts'
import type { ImportOptions } from './options.ts'

/**
 * As it is described; `importOperation` lets it run.
 * https://github.com/smart-on-fhir/bulk-import/blob/master/import-manifest.md
 */
export const describedImport: Omit<Operation, 'run'> = {
  code: 'import',
  definition: 'https://github.com/smart-on-fhir/bulk-import/OperationDefinition/import',
  documentation:
    'Fetches files of NDJSON and loads them, in the background. The body is JSON or Parameters; the header ' +
    '"Prefer: respond-async" is wanted. It takes the scope system/*.cud, or the same of each type, a practice that takes ' +
    'writes, and its permission to import. Sources are https addresses of the public internet, which are asked without ' +
    'credentials; redirects are not followed. Ids are kept: what is there with the same content stays as it is. ' +
    'The status is at $import-status.',
  on: ['system'],
  resources: [],
  affectsState: true,
  readsEntries: true,
  readsBody: true,
  parameters: {
    inputFormat: { type: 'code', min: 1, max: 1, documentation: 'application/fhir+ndjson' },
    inputSource: { type: 'uri', min: 1, max: 1, documentation: 'Where the data comes from, such as a FHIR base' },
    storageDetail: {
      ...{ type: 'string', min: 0, max: 1, documentation: 'How the files are reached: https' },
      part: { type: { type: 'code', min: 1, max: 1, documentation: 'https' } },
    },
    input: {
      ...{ type: 'string', min: 1, max: '*', documentation: 'A file, which is fetched in its turn' },
      part: {
        type: { type: 'code', min: 1, max: 1, documentation: 'The resource type of its lines' },
        url: { type: 'uri', min: 1, max: 1, documentation: 'Where it is; plain or compressed by gzip or zstandard' },
      },
    },
  },
  out: {
    return: {
      type: 'OperationOutcome',
      min: 1,
      max: 1,
      documentation: 'Status 202, with the address of the status in Content-Location',
    },
  },
  examples: ['POST $import'],
}

export function importOperation(options: ImportOptions): Operation {
  return { ...describedImport, run: (_rest, call) => beginImport(options, call) }
}
