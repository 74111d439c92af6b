/** A practice that takes writes, and posting Bundles to it. */
import type { PracticeRecord } from '#platform'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'

export interface Clinic extends AsyncDisposable {
  readonly app: TestApp
  readonly practice: PracticeRecord
  readonly base: string
  post(type: 'batch' | 'transaction', entries: readonly object[], headers?: Record<string, string>): Promise<Answer>
  postText(text: string, headers?: Record<string, string>): Promise<Answer>
  get(path: string): Promise<Answer>
  /** How many resources of the type there are. */
  count(type: string): Promise<number>
}

export async function clinic(scope = 'system/*.cruds', settings: Record<string, string> = {}): Promise<Clinic> {
  const app = await testApp()
  const practice = await app.addPractice('north', { writes: 'on', ...settings })
  const token = await app.token(practice, { scope })
  const reader = await app.token(practice)
  const postText = (payload: string, headers: Record<string, string> = {}) =>
    app.request({
      method: 'POST',
      url: '/north/fhir/r4',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json', ...headers },
      payload,
    })
  const get = (path: string) => app.get(practice, path, reader)
  return {
    app,
    practice,
    base: 'http://localhost:8080/north/fhir/r4',
    post: (type, entry, headers) => postText(JSON.stringify({ resourceType: 'Bundle', type, entry }), headers),
    postText,
    get,
    count: async (type) => (await get(`${type}?_summary=count`)).json.total as number,
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  }
}

/** An entry of a Bundle. */
export function entry(method: string, url: string, resource?: object, more: object = {}, fullUrl?: string): object {
  return {
    ...(fullUrl !== undefined && { fullUrl }),
    ...(resource && { resource }),
    request: { method, url, ...more },
  }
}

export const patient = (more: object = {}) => ({ resourceType: 'Patient', ...more })

export const observation = (subject: string, more: object = {}) => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'weight' },
  subject: { reference: subject },
  ...more,
})

export const identified = (value: string) => ({ identifier: [{ system: 'http://x', value }] })

/** `201 Created` is 201. */
export function statuses(answer: Answer): number[] {
  const entries = (answer.json.entry ?? []) as { response: { status: string } }[]
  return entries.map(({ response }) => Number.parseInt(response.status, 10))
}

/** `Type/id` of each entry's location. */
export function places(answer: Answer): string[] {
  const entries = (answer.json.entry ?? []) as { response: { location?: string } }[]
  return entries.map(({ response }) => /[A-Z]\w+\/[^/]+(?=\/_history)/.exec(response.location ?? '')?.[0] ?? '')
}
