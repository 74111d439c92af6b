import { type Dialect, dialects } from '#dialects'
import { type OperationOutcome, outcome } from '#fhir'
import type { Problem, ProblemKind } from '#lib'

interface FhirReply {
  readonly status: number
  /** https://hl7.org/fhir/R4/valueset-issue-type.html */
  readonly issue: string
}

/** What each kind of problem is in FHIR. https://hl7.org/fhir/R4/http.html#Status-Codes */
// biome-ignore format: the columns are the point
const fhirReplies = {
  incorrect:           { status: 400, issue: 'invalid' },
  invalid:             { status: 422, issue: 'processing' },
  unauthenticated:     { status: 401, issue: 'login' },
  forbidden:           { status: 403, issue: 'forbidden' },
  'not-found':         { status: 404, issue: 'not-found' },
  gone:                { status: 410, issue: 'deleted' },
  conflict:            { status: 409, issue: 'conflict' },
  stale:               { status: 412, issue: 'conflict' },
  unsupported:         { status: 501, issue: 'not-supported' },
  'not-allowed':       { status: 405, issue: 'not-supported' },
  'not-acceptable':    { status: 406, issue: 'not-supported' },
  'unsupported-media': { status: 415, issue: 'not-supported' },
  'too-large':         { status: 413, issue: 'too-long' },
  'too-costly':        { status: 400, issue: 'too-costly' },
  busy:                { status: 429, issue: 'throttled' },
  unavailable:         { status: 503, issue: 'transient' },
  fault:               { status: 500, issue: 'exception' },
} as const satisfies Record<ProblemKind, FhirReply>

/** The status and the OperationOutcome of a problem, in the words of the practice's dialect where it has its own. */
export function fhirReply(problem: Problem, requestId: string, dialect: Dialect = dialects.standard) {
  const standard: FhirReply = fhirReplies[problem.kind]
  if (problem.parts.length > 0) return { status: standard.status, body: outcomeOfParts(problem, requestId, dialect) }
  const issue = problem.issue ?? standard.issue
  const replaced = replacedIssue(problem, issue, dialect.errors)
  const sentence = shortened(problem.message)
  const told = outcome('error', replaced?.code ?? issue, sentence, {
    details: { coding: [{ code: dialect.errors.names[problem.kind] }], text: sentence },
    diagnostics: replaced?.diagnostics ?? `Request ${requestId}`,
    ...(problem.expression.length > 0 && { expression: problem.expression.slice(0, 100).map(shortened) }),
  })
  const body: OperationOutcome = replaced
    ? { ...told, id: requestId, text: { status: 'generated', div: replaced.narrative } }
    : told
  return { status: statusIn(dialect, problem.kind, issue) ?? standard.status, body }
}

/** An issue for each thing that is wrong. */
function outcomeOfParts({ kind, parts }: Problem, requestId: string, { errors }: Dialect): OperationOutcome {
  const coding = [{ code: errors.names[kind] }]
  const issue = parts.map(({ sentence, issue: code, expression }) => {
    const details = { coding, text: shortened(sentence) }
    const severity = 'error' as const
    return { severity, code, details, diagnostics: `Request ${requestId}`, expression: [shortened(expression)] }
  })
  return { resourceType: 'OperationOutcome', issue }
}

/** A sentence quotes what a client sent, which may be megabytes. */
function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()} …` : text
}

const longest = 4000

function statusIn(dialect: Dialect, kind: ProblemKind, issue: string): number | undefined {
  if (kind === 'too-large') return dialect.payloadTooLargeStatus
  if (kind === 'incorrect' && issue === codeInvalid) return dialect.invalidCodeStatus
  return undefined
}

/** What a search was refused for is told by its issue type; `expression` names the parameters. */
function replacedIssue({ kind, expression }: Problem, issue: string, errors: Dialect['errors']) {
  if (kind !== 'incorrect' || expression.length === 0) return undefined
  if (issue === codeInvalid) return errors.invalidCode?.(expression[0] ?? '')
  if (issue === unknownParameter) return errors.unknownParameters?.(expression)
  return undefined
}

const codeInvalid = 'code-invalid'
const unknownParameter = 'not-supported'
