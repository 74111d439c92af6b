import type { Dialect } from './dialect.ts'
import { platformErrors, type ReplacedIssue } from './error-form.ts'
import { standardExport } from './export-form.ts'
import { noExtras } from './token-extras.ts'

/** IntegraConnect. */
export const integra = {
  name: 'integra',
  fhirPaths: ['/integra/fhir/r4', '/integra/fhir/r4/us-core'],
  typeNamesIgnoreCase: true,
  audienceByPath: {},
  tokenPaths: ['/integra/fhir/oauth2/token', '/integra/Oauth2/oauth2Login'],
  tokenPage: '/integra/Oauth2/oauth2Login',
  tokenResponseExtras: noExtras,
  tokenHeader: 'x-auth-token',
  unknownSearchParameter: 'refuse',
  invalidCodeStatus: 403,
  refuseWeakPatientSearch: true,
  phoneMatch: 'digits',
  errors: {
    ...platformErrors,
    // INT-6: each name is followed by a comma and a blank, the last one too
    unknownParameters: (names) => exception(`INVALID_SEARCH_PARAMETER : ${names.map((name) => `${name}, `).join('')}`),
    // INT-7
    invalidCode: (parameter) => exception(`INVALID_SEARCH_PARAMETER: for key [${parameter}]`),
  },
  payloadTooLargeStatus: 413,
  createWithId: 'ignore',
  updateNeedsIfMatch: false,
  pkce: 'required',
  scopeAliases: { offline: 'offline_access' },
  scopeCleanup: 'none',
  tokenSeconds: { backend: 300, user: 899 },
  // INT-16 to INT-22
  export: {
    ...standardExport,
    kickOffBases: ['/integra/fhir-export/r4/bulkExport'],
    statusPaths: ['/integra/fhir-export/r4/bulkExport/{id}'],
    filePaths: [
      '/MoBulkDownload/downloadNDJSON?objectId={id}&resource={type}&fileName={name}',
      '/integra/MoBulkDownload/downloadNDJSON?objectId={id}&resource={type}&fileName={name}',
    ],
    fileName: '{type}_file_{n}.ndjson',
    progress: 'in-progress',
    missingFileCode: 'ATTACHMENT_FILE_NOT_FOUND',
    sameRequest: 'running',
  },
  // INT-18 names some bounds twice: half open, so that everybody is in one (C19)
  builtInGroups: [
    { id: '187419279', name: 'Under age 5', high: 5 },
    { id: '275131468', name: 'Age 5 to 17', low: 5, high: 18 },
    { id: '383681350', name: 'Age 18 to 34', low: 18, high: 35 },
    { id: '424548118', name: 'Age 35 to 54', low: 35, high: 55 },
    { id: '517483350', name: 'Age 55 and over', low: 55 },
  ],
} as const satisfies Dialect

function exception(diagnostics: string): ReplacedIssue {
  const row = `<tr><td>error</td><td>[]</td><td>${escapeMarkup(diagnostics)}</td></tr>`
  const narrative = `<div xmlns="http://www.w3.org/1999/xhtml"><h1>Operation Outcome</h1><table>${row}</table></div>`
  return { code: 'exception', diagnostics, narrative }
}

function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
