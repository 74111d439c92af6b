import { operation } from './operation.ts'

/** https://hl7.org/fhir/R4/capabilitystatement-operation-versions.html */
export const versions = operation({
  code: 'versions',
  definition: 'http://hl7.org/fhir/OperationDefinition/CapabilityStatement-versions',
  documentation: 'Which versions of FHIR this address speaks.',
  on: ['system'],
  resources: [],
  affectsState: false,
  parameters: {},
  out: {
    version: { type: 'code', min: 1, max: '*', documentation: 'A version of FHIR' },
    default: { type: 'code', min: 1, max: 1, documentation: 'The version that is spoken unless another is asked for' },
  },
  examples: ['GET $versions'],
  async run() {
    const parameter = ['version', 'default'].map((name) => ({ name, valueString: '4.0' }))
    return { body: JSON.stringify({ resourceType: 'Parameters', parameter }) }
  },
})
