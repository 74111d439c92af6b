import assert from 'node:assert/strict'
import test from 'node:test'
import { standardExport } from './export-form.ts'
import { type Dialect, type DialectName, dialectNames, dialectOf, dialects } from './index.ts'

/** specs/seeds.md 1.2 for what search, paths, settings and errors ask; a field that is not listed is the standard's. */
const differences: Readonly<Record<DialectName, Partial<Dialect>>> = {
  standard: {},
  modmed: {
    fhirPaths: ['/fhir/r4'],
    tokenPaths: ['/auth/realms/fhir/protocol/openid-connect/token'],
    payloadTooLargeStatus: 412,
    pkce: 'by-registration',
    scopeCleanup: 'trailing-backslash',
    tokenSeconds: { backend: 1800, user: 900 },
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
  },
  mof: {
    fhirPaths: ['/fhir', '/open'],
    audienceByPath: { '/fhir': 'practice', '/open': 'patients' },
    createWithId: 'refuse',
    updateNeedsIfMatch: true,
    pkce: 'by-registration',
  },
  veradigm: { export: { ...standardExport, retryAfterUnit: 'minutes', progress: 'percent' } },
  integra: {
    fhirPaths: ['/integra/fhir/r4', '/integra/fhir/r4/us-core'],
    tokenPaths: ['/integra/fhir/oauth2/token', '/integra/Oauth2/oauth2Login'],
    tokenPage: '/integra/Oauth2/oauth2Login',
    typeNamesIgnoreCase: true,
    tokenHeader: 'x-auth-token',
    unknownSearchParameter: 'refuse',
    invalidCodeStatus: 403,
    refuseWeakPatientSearch: true,
    phoneMatch: 'digits',
    scopeAliases: { offline: 'offline_access' },
    tokenSeconds: { backend: 300, user: 899 },
    builtInGroups: [
      { id: '187419279', name: 'Under age 5', high: 5 },
      { id: '275131468', name: 'Age 5 to 17', low: 5, high: 18 },
      { id: '383681350', name: 'Age 18 to 34', low: 18, high: 35 },
      { id: '424548118', name: 'Age 35 to 54', low: 35, high: 55 },
      { id: '517483350', name: 'Age 55 and over', low: 55 },
    ],
    export: {
      ...standardExport,
      kickOffBases: ['/integra/fhir-export/r4/bulkExport'],
      statusPaths: ['/integra/fhir-export/r4/bulkExport/{id}'],
      filePaths: ['', '/integra'].map(
        (base) => `${base}/MoBulkDownload/downloadNDJSON?objectId={id}&resource={type}&fileName={name}`,
      ),
      fileName: '{type}_file_{n}.ndjson',
      progress: 'in-progress',
      missingFileCode: 'ATTACHMENT_FILE_NOT_FOUND',
      sameRequest: 'running',
    },
  },
}

for (const name of dialectNames) {
  test(`${name} differs from the standard where seeds.md says so, and nowhere else`, () => {
    const { errors: _, tokenResponseExtras: _extras, ...values } = dialects[name]
    const { errors: __, tokenResponseExtras: __extras, ...standard } = dialects.standard
    assert.deepEqual(values, { ...standard, name, ...differences[name] })
  })
}

for (const name of dialectNames) {
  test(`${name} adds to a token answer what MMB-3 shows, if it is modmed`, () => {
    const extras = dialects[name].tokenResponseExtras({ root: 'https://host/p' })
    const ofModmed = { allowedFhirUrl: 'https://host/p/fhir/r4', refresh_expires_in: 0, 'not-before-policy': 0 }
    assert.deepEqual(extras, name === 'modmed' ? ofModmed : {})
  })
}

test('dialectOf() finds a dialect by its name and nothing else', () => {
  assert.equal(dialectOf('mof'), dialects.mof)
  assert.equal(dialectOf('toString'), undefined)
})

for (const [kind, name] of [
  ['incorrect', 'HTTP_400_BAD_REQUEST'],
  ['unauthenticated', 'HTTP_401_CLIENT_UNAUTHORIZED'],
  ['forbidden', 'HTTP_403_FORBIDDEN'],
  ['not-found', 'UnclassifiedServerFailureException'],
  ['not-allowed', 'HTTP_405_METHOD_NOT_ALLOWED'],
  ['conflict', 'HTTP_409_CONFLICT'],
  ['gone', 'HTTP_410_GONE'],
  ['too-large', 'HTTP_412_PAYLOAD_TOO_LARGE'],
  ['stale', 'HTTP_412_PRECONDITION_FAILED'],
  ['invalid', 'HTTP_422_UNPROCESSABLE_ENTITY'],
  ['fault', 'HTTP_500_INTERNAL_ERROR'],
  ['unsupported', 'HTTP_501_NOT_IMPLEMENTED'],
] as const) {
  test(`modmed names the problem ${kind} ${name} (MM-8)`, () => {
    assert.equal(dialects.modmed.errors.names[kind], name)
  })
}

test('integra answers an unknown parameter with the text of INT-6', () => {
  const issue = dialects.integra.errors.unknownParameters?.(['pat'])
  assert.equal(issue?.code, 'exception')
  assert.equal(issue?.diagnostics, 'INVALID_SEARCH_PARAMETER : pat, ')
})

test('integra answers a code outside its value set with the text of INT-7', () => {
  assert.equal(
    dialects.integra.errors.invalidCode?.('gender').diagnostics,
    'INVALID_SEARCH_PARAMETER: for key [gender]',
  )
})

test('the narrative of integra shows a parameter name as text, never as markup', () => {
  const issue = dialects.integra.errors.unknownParameters?.(['<img src="x">'])
  assert.match(issue?.narrative ?? '', /&lt;img src=&quot;x&quot;&gt;/)
})
