import { withoutLabels } from '#fhir'
import { changeLabels } from './labels/change-labels.ts'
import { operation } from './operation.ts'

/** https://hl7.org/fhir/R4/resource-operation-meta-delete.html */
export const metaDelete = operation({
  code: 'meta-delete',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-delete',
  documentation:
    'Takes profiles, security labels and tags from a resource; codings are the same when system and code are.',
  on: ['instance'],
  resources: ['Resource'],
  affectsState: true,
  parameters: {
    meta: { type: 'Meta', min: 1, max: 1, documentation: 'The profiles, security labels and tags to take away' },
  },
  out: { return: { type: 'Meta', min: 1, max: 1, documentation: 'The meta of the resource as it is now' } },
  examples: ['POST Patient/example/$meta-delete'],
  run: (options, call, { meta }) => changeLabels(options, call, { meta, change: withoutLabels }),
})
