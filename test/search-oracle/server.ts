/** What the server answers, gathered through every page. */
import assert from 'node:assert/strict'
import type { Resource } from '../support/ndjson.ts'
import type { TestApp } from '../support/test-app.ts'

export type Practice = Awaited<ReturnType<TestApp['addPractice']>>

export interface Gathered {
  readonly url: string
  readonly status: number
  readonly text: string
  readonly matches: readonly Resource[]
  /** Of each page the matches and what was included with them. */
  readonly pages: readonly { readonly matches: readonly Resource[]; readonly included: readonly Resource[] }[]
  readonly total: number | undefined
}

interface Bundle {
  readonly total?: number
  readonly link: readonly { readonly relation: string; readonly url: string }[]
  readonly entry?: readonly { readonly search: { readonly mode: string }; readonly resource: Resource }[]
}

export function urlOf(type: string, asked: readonly (readonly [string, string])[]): string {
  return `${type}?${asked.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`
}

export class Server {
  readonly #app: TestApp
  readonly #practice: Practice
  readonly #token: string

  constructor(app: TestApp, practice: Practice, token: string) {
    this.#app = app
    this.#practice = practice
    this.#token = token
  }

  async gather(url: string): Promise<Gathered> {
    const pages: { matches: Resource[]; included: Resource[] }[] = []
    let total: number | undefined
    let next: string | undefined = url
    while (next !== undefined) {
      const answer = await this.#app.get(this.#practice, next, this.#token)
      if (answer.status !== 200) return { url, status: answer.status, text: answer.text, matches: [], pages: [], total }
      const bundle = answer.json as Bundle
      total ??= bundle.total
      const entries = bundle.entry ?? []
      const of = (mode: string) => entries.filter(({ search }) => search.mode === mode).map(({ resource }) => resource)
      pages.push({ matches: of('match'), included: of('include') })
      assert.ok(pages.length < 2000, `${url} has no end`)
      next = bundle.link.find(({ relation }) => relation === 'next')?.url.split(/\/fhir\/r4\/?/)[1]
    }
    return { url, status: 200, text: '', matches: pages.flatMap(({ matches }) => matches), pages, total }
  }
}
