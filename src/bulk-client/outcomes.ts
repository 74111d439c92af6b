/** What a server says of itself: OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html) and OAuth errors. */
import { STATUS_CODES } from 'node:http'
import { Problem } from '#lib'
import { type Answer, textOf } from './web/exchange.ts'

export interface Issue {
  readonly severity: string
  readonly code: string
  readonly text: string
}

export function isFailure({ severity }: Issue): boolean {
  return severity === 'error' || severity === 'fatal'
}

// biome-ignore lint/suspicious/noExplicitAny: a stranger's JSON, of which each member is looked at before use
type Json = any

/** The issues of an OperationOutcome; none of anything else. */
export function issuesOf(text: string): Issue[] {
  const content = parsed(text)
  if (content?.resourceType !== 'OperationOutcome' || !Array.isArray(content.issue)) return []
  return content.issue.map((issue: Json) => ({
    severity: word(issue?.severity) || 'error',
    code: word(issue?.code),
    text: sentenceOf(word(issue?.details?.text), word(issue?.diagnostics)) || word(issue?.code) || 'no reason is given',
  }))
}

/** Servers put the sentence into either, and into the other what helps to look it up. */
function sentenceOf(text: string, diagnostics: string): string {
  return text && diagnostics && text !== diagnostics ? `${text} (${diagnostics})` : text || diagnostics
}

const transient = new Set(['transient', 'lock-error', 'no-store', 'exception', 'timeout', 'incomplete', 'throttled'])

/** Says the server itself that asking again will not help? */
export function isLasting(text: string): boolean {
  const issues = issuesOf(text)
  return issues.length > 0 && !issues.some(({ code }) => transient.has(code))
}

/** The failure that an answer is: `what` could not be done. */
export async function refusal(what: string, answer: Answer): Promise<Problem> {
  const { status, headers } = answer
  const text = await textOf(answer).catch(() => '')
  const reasons = [...issuesOf(text).map((issue) => issue.text), oauthReason(text)].filter(Boolean)
  if (headers.location !== undefined && status < 400) reasons.push(`it leads to ${plain(headers.location)}`)
  const told = reasons.length > 0 ? `: ${reasons.join('; ')}` : ''
  const kind = status === 404 ? 'not-found' : status === 410 ? 'gone' : 'unavailable'
  return new Problem(kind, `${what}: the server answers ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd() + told)
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
function oauthReason(text: string): string {
  const content = parsed(text)
  return [word(content?.error), word(content?.error_description)].filter(Boolean).join(', ')
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function word(value: unknown): string {
  return typeof value === 'string' ? plain(value) : ''
}

/** A stranger's text for a terminal: one line without control characters. */
export function plain(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 500)
}
