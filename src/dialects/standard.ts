import type { Dialect } from './dialect.ts'
import { platformErrors } from './error-form.ts'
import { standardExport } from './export-form.ts'
import { noExtras } from './token-extras.ts'

/** FHIR R4, US Core and SMART as they are written. */
export const standard = {
  name: 'standard',
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
  export: standardExport,
  builtInGroups: [],
} as const satisfies Dialect
