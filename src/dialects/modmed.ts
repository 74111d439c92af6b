import type { Dialect } from './dialect.ts'
import { platformErrors } from './error-form.ts'
import { standardExport } from './export-form.ts'

export const modmed = {
  name: 'modmed',
  fhirPaths: ['/fhir/r4'],
  typeNamesIgnoreCase: false,
  audienceByPath: {},
  tokenPaths: ['/auth/realms/fhir/protocol/openid-connect/token'],
  tokenPage: undefined,
  tokenResponseExtras: ({ root }) => ({
    allowedFhirUrl: `${root}/fhir/r4`,
    refresh_expires_in: 0,
    'not-before-policy': 0,
  }),
  tokenHeader: undefined,
  unknownSearchParameter: 'by-prefer',
  invalidCodeStatus: 400,
  refuseWeakPatientSearch: false,
  phoneMatch: 'exact',
  errors: {
    ...platformErrors,
    // MM-8; kinds that its list lacks have the name of their status' nearest entry or keep ours
    names: {
      ...platformErrors.names,
      incorrect: 'HTTP_400_BAD_REQUEST',
      'too-costly': 'HTTP_400_BAD_REQUEST',
      unauthenticated: 'HTTP_401_CLIENT_UNAUTHORIZED',
      forbidden: 'HTTP_403_FORBIDDEN',
      'not-found': 'UnclassifiedServerFailureException',
      'not-allowed': 'HTTP_405_METHOD_NOT_ALLOWED',
      conflict: 'HTTP_409_CONFLICT',
      gone: 'HTTP_410_GONE',
      'too-large': 'HTTP_412_PAYLOAD_TOO_LARGE',
      stale: 'HTTP_412_PRECONDITION_FAILED',
      invalid: 'HTTP_422_UNPROCESSABLE_ENTITY',
      fault: 'HTTP_500_INTERNAL_ERROR',
      unsupported: 'HTTP_501_NOT_IMPLEMENTED',
    },
  },
  payloadTooLargeStatus: 412,
  createWithId: 'ignore',
  updateNeedsIfMatch: false,
  pkce: 'by-registration',
  scopeAliases: {},
  scopeCleanup: 'trailing-backslash',
  tokenSeconds: { backend: 1800, user: 900 },
  // MMB-4 to MMB-9
  export: {
    ...standardExport,
    kickOffBases: [''],
    statusPaths: ['/fhir-services/$export-status/{id}', '/$export-status/{id}'],
    filePaths: ['/ema/{practice}/{id}/{name}'],
    fileName: '{type}_{n}.ndjson',
    maxLinesPerFile: 1000,
    urls: 'capability',
    sinceWithoutZone: 'utc',
    badFormatText: 'Invalid Tenant',
  },
  builtInGroups: [],
} as const satisfies Dialect
