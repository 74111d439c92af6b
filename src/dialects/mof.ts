import type { Dialect } from './dialect.ts'
import { platformErrors } from './error-form.ts'
import { standardExport } from './export-form.ts'
import { noExtras } from './token-extras.ts'

/** Medical Office Force. */
export const mof = {
  name: 'mof',
  fhirPaths: ['/fhir', '/open'],
  typeNamesIgnoreCase: false,
  audienceByPath: { '/fhir': 'practice', '/open': 'patients' },
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
  createWithId: 'refuse',
  updateNeedsIfMatch: true,
  pkce: 'by-registration',
  scopeAliases: {},
  scopeCleanup: 'none',
  tokenSeconds: { backend: 300, user: 900 },
  export: standardExport,
  builtInGroups: [],
} as const satisfies Dialect
