import assert from 'node:assert/strict'
import type { PracticeRecord } from '#platform'
import type { TestApp } from '../support/test-app.ts'

export interface Answered {
  readonly id: string
  readonly grade: 'certain' | 'probable' | 'possible'
  readonly score: number
}

/** Asks Patient/$match, and answers what it found with grade and score. */
export function matcher(app: TestApp, practice: PracticeRecord, token: string) {
  return async (patient: object, query = ''): Promise<readonly Answered[]> => {
    const { status, json, text } = await post(app, practice, token, patient, query)
    assert.equal(status, 200, text)
    const entries: readonly Entry[] = json.entry ?? []
    return entries
      .filter(({ search }) => search.mode === 'match')
      .map(({ resource, search }) => ({
        id: resource.id,
        grade: search.extension[0].valueCode,
        score: search.score,
      }))
  }
}

// biome-ignore lint/suspicious/noExplicitAny: an entry of a Bundle
type Entry = { readonly resource: any; readonly search: any }

export function post(app: TestApp, practice: PracticeRecord, token: string, body: object, query = '') {
  return app.request({
    method: 'POST',
    url: `/${practice.id}/fhir/r4/Patient/$match${query}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    payload: JSON.stringify(body),
  })
}
