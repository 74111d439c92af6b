import type { ParameterTable } from '#rest'

/** https://hl7.org/fhir/uv/bulkdata/export.html#query-parameters */
export const exportParameters = {
  _outputFormat: {
    type: 'string',
    min: 0,
    max: 1,
    documentation:
      'application/fhir+ndjson (also when it is not given), application/ndjson or ndjson, which are the same',
  },
  _since: {
    type: 'instant',
    min: 0,
    max: 1,
    documentation:
      'Only what was changed after this: the transactionTime of an earlier export. Of patients who came into a group since, all goes out',
  },
  _until: { type: 'instant', min: 0, max: 1, documentation: 'Only what was changed before this' },
  _type: {
    type: 'code',
    min: 0,
    max: '*',
    documentation: 'Only these resource types, all of which the token has to allow; without it all that it allows',
  },
  _typeFilter: {
    type: 'string',
    min: 0,
    max: '*',
    documentation:
      'A search such as Observation?status=final, percent-encoded: of its type only what it finds, or another one of the same type. Repeated, or with commas between them',
  },
  _elements: {
    type: 'string',
    min: 0,
    max: '*',
    documentation:
      'Only these root elements (id or Patient.id) and the mandatory ones; the resources are tagged SUBSETTED',
  },
  patient: {
    type: 'Reference',
    min: 0,
    max: '*',
    documentation: 'Only these patients; by POST, and not at system level',
  },
  includeAssociatedData: {
    type: 'code',
    min: 0,
    max: '*',
    documentation:
      'LatestProvenanceResources or RelevantProvenanceResources; without it Provenance is included unless _type leaves it out',
  },
  organizeOutputBy: {
    type: 'string',
    min: 0,
    max: 1,
    documentation: 'Patient: each file holds all of some patients, each behind a header',
  },
  allowPartialManifests: {
    type: 'boolean',
    min: 0,
    max: 1,
    documentation: 'Files may be told, and fetched, while the export is made: in manifests with a link to the next one',
  },
  _minimumFileSize: { type: 'positiveInt', min: 0, max: 1, documentation: 'Bytes that a file should reach, unpacked' },
  _maximumFileSize: { type: 'positiveInt', min: 0, max: 1, documentation: 'Bytes that a file may reach, unpacked' },
} as const satisfies ParameterTable
