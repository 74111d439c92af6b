/** https://hl7.org/fhir/R4/operationoutcome.html */
export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome'
  readonly id?: string
  readonly text?: { readonly status: 'generated'; readonly div: string }
  readonly issue: readonly OutcomeIssue[]
}

export interface OutcomeIssue {
  readonly severity: 'fatal' | 'error' | 'warning' | 'information'
  readonly code: string
  readonly details?: {
    readonly coding?: readonly { readonly system?: string; readonly code: string }[]
    readonly text?: string
  }
  readonly diagnostics?: string
  readonly expression?: readonly string[]
}

/** One outcome of one sentence; `more` are the parts of the issue that not every outcome has. */
export function outcome(
  severity: OutcomeIssue['severity'],
  code: string,
  sentence: string,
  more: Partial<OutcomeIssue> = {},
): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue: [{ severity, code, details: { text: sentence }, ...more }] }
}
