import type { Operation } from './operation.ts'

/** https://hl7.org/fhir/R4/capabilitystatement-operation-versions.html */
export const versions: Operation = {
  code: 'versions',
  definition: 'http://hl7.org/fhir/OperationDefinition/CapabilityStatement-versions',
  on: ['system'],
  resources: [],
  affectsState: false,
  async run() {
    const parameter = ['version', 'default'].map((name) => ({ name, valueString: '4.0' }))
    return { body: JSON.stringify({ resourceType: 'Parameters', parameter }) }
  },
}
