import type { Row } from './row.ts'
import { disk } from './rows/disk.ts'
import { everything } from './rows/everything.ts'
import { attachmentExport, cohortExports, systemExport, tenfoldExport } from './rows/exports.ts'
import { importBundles } from './rows/import-bundles.ts'
import { importNdjson } from './rows/import-ndjson.ts'
import { patientSearch } from './rows/patient-search.ts'
import { populationSearch } from './rows/population-search.ts'
import { readById } from './rows/read-by-id.ts'
import { readsDuringExport } from './rows/reads-during-export.ts'
import { token } from './rows/token.ts'
import { transactions } from './rows/transactions.ts'
import { workloads } from './rows/workloads.ts'
import { writes } from './rows/writes.ts'

/** The table of the issue from top to bottom, then the workloads of others. */
const general: readonly Row[] = [
  readById,
  patientSearch,
  populationSearch,
  everything,
  importNdjson,
  importBundles,
  disk,
  writes,
  transactions,
  token,
  workloads,
]

/** `npm run bench:export` */
const exports: readonly Row[] = [systemExport, cohortExports, tenfoldExport, readsDuringExport, attachmentExport]

export const suites = { general, exports }
