import type { Answer, Call } from '#http'

/** https://hl7.org/fhir/R4/operations.html: routes and CapabilityStatement are made from the list of these. */
export interface Operation {
  /** Without `$`. */
  readonly code: string
  /** Canonical of its OperationDefinition. */
  readonly definition: string
  readonly on: readonly ('system' | 'type' | 'instance')[]
  /** For `type` and `instance`. */
  readonly resources: readonly string[]
  /** Then it is offered by POST only. */
  readonly affectsState: boolean
  run(call: Call): Promise<Answer>
}
