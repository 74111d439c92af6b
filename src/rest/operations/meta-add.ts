import { withLabels } from '#fhir'
import { changeLabels } from './labels/change-labels.ts'
import { operation } from './operation.ts'

/** https://hl7.org/fhir/R4/resource-operation-meta-add.html */
export const metaAdd = operation({
  code: 'meta-add',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-meta-add',
  documentation:
    'Adds profiles, security labels and tags to a resource, those that it lacks: a new version, unless it has them all.',
  on: ['instance'],
  resources: ['Resource'],
  affectsState: true,
  parameters: {
    meta: { type: 'Meta', min: 1, max: 1, documentation: 'The profiles, security labels and tags to add' },
  },
  out: { return: { type: 'Meta', min: 1, max: 1, documentation: 'The meta of the resource as it is now' } },
  examples: ['POST Patient/example/$meta-add'],
  run: (options, call, { meta }) => changeLabels(options, call, { meta, change: withLabels }),
})
