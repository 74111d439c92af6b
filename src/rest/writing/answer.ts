import { type OperationOutcome, type OutcomeIssue, outcome } from '#fhir'
import type { Answer } from '#http'
import type { Row, WriteResult } from '#store'
import type { Written } from './commit.ts'
import type { Preference } from './preference.ts'

/** The answer to a write. https://hl7.org/fhir/R4/http.html#create and #update */
export function writtenAnswer(base: string, written: Written, preference: Preference): Answer {
  const { type, id, result } = written
  const { outcome: what, version, updated, body } = result
  if (what === 'deleted' || what === 'absent') return deletionAnswer(written, preference)
  return {
    status: statusOf(result),
    version: String(version),
    updated,
    headers: { location: `${base}/${type}/${id}/_history/${version}` },
    ...(preference === 'representation' && body !== undefined && { body }),
    ...(preference === 'OperationOutcome' && { body: JSON.stringify(outcomeOf(written)) }),
  }
}

/** The answer to a create whose criteria matched what is there. */
export function foundAnswer(base: string, { type, id, version, updated, body }: Row, preference: Preference): Answer {
  const result = { outcome: 'unchanged', version, updated, body } as const
  const sentence = `${type}/${id} meets the criteria of If-None-Exist: nothing was created`
  const told = outcome('information', 'informational', sentence)
  const answer = writtenAnswer(base, { type, id, result, notes: [] }, preference)
  return preference === 'OperationOutcome' ? { ...answer, body: JSON.stringify(told) } : answer
}

function statusOf({ outcome: what }: WriteResult): number {
  if (what === 'created') return 201
  return what === 'deleted' || what === 'absent' ? 204 : 200
}

/** https://hl7.org/fhir/R4/http.html#delete: what was not there is answered like what was. */
function deletionAnswer(written: Written, preference: Preference): Answer {
  const { outcome: what, version } = written.result
  const named = what === 'deleted' ? { version: String(version) } : {}
  if (preference !== 'OperationOutcome') return { ...named, status: 204 }
  return { ...named, status: 200, body: JSON.stringify(outcomeOf(written)) }
}

const sentences: Readonly<Record<WriteResult['outcome'], string>> = {
  created: 'was created',
  updated: 'was updated',
  unchanged: 'stays as it was: what came is what is stored',
  deleted: 'was deleted',
  absent: 'was not there: nothing was deleted',
}

function outcomeOf({ type, id, result, notes }: Written): OperationOutcome {
  const told = outcome('information', 'informational', `${type}/${id} ${sentences[result.outcome]}`)
  return { ...told, issue: [...told.issue, ...notes] }
}

/** Something that a client should know of a write that was done. */
export function note(code: string, sentence: string, expression: string): OutcomeIssue {
  return { severity: 'information', code, details: { text: sentence }, expression: [expression] }
}
