import { type AuthorizationSuite, authorizationSuites } from './authorization/suites.ts'

/** The suites of the kit that this driver can run, newest requirements last; https://github.com/inferno-framework/us-core-test-kit */
export interface Suite {
  readonly id: string
  /** The version of US Core that the sandbox is made for. */
  readonly usCore: string
  /** The short id of the group "US Core FHIR API", the only one that needs no launch. */
  readonly group: string
  /** Patients of the reference data, as in the kit's own presets. */
  readonly referencePatients: string
}

export const suites: readonly Suite[] = [
  { id: 'us_core_v311', usCore: '3.1.1', group: '2', referencePatients: '85,355' },
  { id: 'us_core_v400', usCore: '4.0.0', group: '2', referencePatients: '85,355' },
  { id: 'us_core_v501', usCore: '5.0.1', group: '2', referencePatients: '85,355,907' },
  { id: 'us_core_v610', usCore: '6.1.0', group: '2', referencePatients: '85,355,907' },
  { id: 'us_core_v700', usCore: '7.0.0', group: '4', referencePatients: '85,355,907' },
  { id: 'us_core_v800', usCore: '8.0.0', group: '4', referencePatients: '85,355,908' },
]

export type AnySuite = Suite | AuthorizationSuite

export const allSuites: readonly AnySuite[] = [...suites, ...authorizationSuites]
