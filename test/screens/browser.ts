/** A browser without scripts: keeps cookies, reads pages, posts forms. */
import type { TestApp } from '../support/test-app.ts'
import { type Element, parsePage } from './markup.ts'

export interface Shown {
  readonly status: number
  readonly location: string | undefined
  /** Cookies as they were set. */
  readonly setCookie: readonly string[]
  readonly text: string
  readonly page: Element
}

export interface Browser {
  /** Name and value. */
  readonly cookies: Map<string, string>
  get(url: string): Promise<Shown>
  post(url: string, form: string): Promise<Shown>
}

export function browser(app: TestApp): Browser {
  const cookies = new Map<string, string>()
  async function ask(method: string, url: string, payload?: string): Promise<Shown> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const { pathname, search } = new URL(url, 'http://localhost:8080')
    const answer = await app.request({
      ...{ method, url: pathname + search },
      headers: {
        ...(cookie !== '' && { cookie }),
        ...(payload !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(payload !== undefined && { payload }),
    })
    const setCookie = [answer.headers['set-cookie'] ?? []].flat().map(String)
    for (const line of setCookie) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/Max-Age=0/.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return {
      ...{ status: answer.status, setCookie, text: answer.text },
      location: answer.headers.location === undefined ? undefined : String(answer.headers.location),
      get page() {
        return parsePage(answer.text)
      },
    }
  }
  return { cookies, get: (url) => ask('GET', url), post: (url, form) => ask('POST', url, form) }
}
