import type { PracticeRecord } from '#platform'
import type { Grant } from '#smart'
import type { Answer, TestApp } from '../support/test-app.ts'

export interface Writer {
  readonly practice: PracticeRecord
  /** `path` is below the base; a body that is no text is written as JSON. */
  send(method: string, path: string, body?: object | string, headers?: Record<string, string>): Promise<Answer>
}

/** A client of a practice that takes writes, with all rights unless the grant says otherwise. */
export async function writer(app: TestApp, practice: PracticeRecord, grant: Partial<Grant> = {}): Promise<Writer> {
  const token = await app.token(practice, { scope: 'system/*.cruds', ...grant })
  return {
    practice,
    send(method, path, body, headers = {}) {
      const payload = typeof body === 'object' ? JSON.stringify(body) : body
      const type = payload === undefined ? {} : { 'content-type': 'application/fhir+json' }
      return app.request({
        method,
        url: `/${practice.id}/fhir/r4/${path}`,
        headers: { authorization: `Bearer ${token}`, ...type, ...headers },
        ...(payload !== undefined && { payload }),
      })
    },
  }
}

let count = 0

/** A practice of its own, since a change of settings takes its time. */
export async function writingPractice(app: TestApp, settings: Readonly<Record<string, string>> = {}) {
  return app.addPractice(`writes-${++count}`, { writes: 'on', ...settings })
}

export async function openWriter(app: TestApp, settings: Readonly<Record<string, string>> = {}): Promise<Writer> {
  return writer(app, await writingPractice(app, settings))
}

/** What an OperationOutcome says, sentence by sentence. */
export function sentences(answer: Answer): readonly string[] {
  return answer.json.issue.map(({ details }: { details: { text: string } }) => details.text)
}

export const patient = (more: object = {}) => ({ resourceType: 'Patient', ...more })

export const observation = (patientId: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  subject: { reference: `Patient/${patientId}` },
  ...more,
})
