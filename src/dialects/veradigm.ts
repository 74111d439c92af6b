import type { Dialect } from './dialect.ts'
import { platformErrors } from './error-form.ts'
import { standardExport } from './export-form.ts'
import { noExtras } from './token-extras.ts'

/** Differs from the standard in bulk export only. */
export const veradigm = {
  name: 'veradigm',
  fhirPaths: [],
  typeNamesIgnoreCase: false,
  audienceByPath: {},
  tokenPaths: [],
  tokenPage: undefined,
  tokenResponseExtras: noExtras,
  tokenHeader: undefined,
  unknownSearchParameter: 'by-prefer',
  invalidCodeStatus: 400,
  refuseWeakPatientSearch: false,
  phoneMatch: 'exact',
  errors: platformErrors,
  payloadTooLargeStatus: 413,
  createWithId: 'ignore',
  updateNeedsIfMatch: false,
  pkce: 'required',
  scopeAliases: {},
  scopeCleanup: 'none',
  tokenSeconds: { backend: 300, user: 900 },
  // VER-5
  export: { ...standardExport, retryAfterUnit: 'minutes', progress: 'percent' },
  builtInGroups: [],
} as const satisfies Dialect
