import type { Answer, Call } from '#http'
import { Problem } from '#lib'

/** C11: a dialect may have a text of its own for the refusal of `_outputFormat`; what is offered stands beside it. */
export function answerBadFormat({ practice, refused }: Pick<Call, 'practice' | 'refused'>, error: unknown): Answer {
  const text = practice.dialect.export.badFormatText
  const isFormat = error instanceof Problem && error.expression.includes('_outputFormat')
  if (text === undefined || !isFormat) throw error
  const { status, body } = refused(error)
  const issue = body.issue.map((one) => ({ ...one, details: { ...one.details, text }, diagnostics: error.message }))
  return { status, isFleeting: true, body: JSON.stringify({ ...body, issue }) }
}
