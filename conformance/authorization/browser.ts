import type { Fields } from './page-reader.ts'

/** Where a browser has come to: a page, or an address that is not the server's. */
export type Place = { readonly status: number; readonly body: string } | { readonly elsewhere: string }

/** A browser without scripts: it keeps cookies and follows redirects of one server. */
export class Browser {
  readonly #cookies = new Map<string, string>()
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  open(url: string): Promise<Place> {
    return this.#go(url)
  }

  post(url: string, fields: Fields): Promise<Place> {
    return this.#go(url, new URLSearchParams(fields as [string, string][]))
  }

  async #go(url: string, form?: URLSearchParams): Promise<Place> {
    if (new URL(url).origin !== this.#origin) return { elsewhere: url }
    const answer = await fetch(url, {
      ...(form && { method: 'POST', body: form }),
      headers: { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      redirect: 'manual',
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=;]+)=([^;]*)/.exec(line) ?? []
      this.#cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (location !== null && answer.status >= 300 && answer.status < 400) {
      await answer.arrayBuffer()
      return this.#go(new URL(location, url).href)
    }
    return { status: answer.status, body: await answer.text() }
  }
}
