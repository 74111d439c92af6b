/** A browser without scripts: it keeps cookies, follows redirects of one server and posts forms. */
import type { FastifyInstance } from 'fastify'

export interface Shown {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>
  readonly body: string
  /** Where it stands. */
  readonly url: string
}

export type Fields = readonly (readonly [name: string, value: string])[]

export class Browser {
  readonly #server: FastifyInstance
  readonly #cookies = new Map<string, string>()
  readonly #base: string

  constructor(server: FastifyInstance, base = 'http://localhost:8080') {
    this.#server = server
    this.#base = base
  }

  /** Of the same cookies, at another server process. */
  at(server: FastifyInstance): Browser {
    const other = new Browser(server, this.#base)
    for (const [name, value] of this.#cookies) other.#cookies.set(name, value)
    return other
  }

  /** Follows redirects within the server; one that leads elsewhere is where it ends. */
  async open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return this.#follow(await this.#send('GET', url, undefined, headers))
  }

  async post(url: string, fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<Shown> {
    return this.#follow(
      await this.#send('POST', url, new URLSearchParams(fields as [string, string][]).toString(), headers),
    )
  }

  /** Posts the form of the page that has this step, with its hidden fields and what is filled in. */
  submit(page: Shown, step: string, filled: Fields = []): Promise<Shown> {
    const form = formsIn(page.body).find(({ fields }) =>
      fields.some(([name, value]) => name === 'step' && value === step),
    )
    if (!form) throw new Error(`The page has no form "${step}" (${page.status}): ${textOf(page.body)}`)
    const names = new Set(filled.map(([name]) => name))
    return this.post(form.action, [...form.fields.filter(([name]) => !names.has(name)), ...filled])
  }

  async #follow(page: Shown): Promise<Shown> {
    const { location } = page.headers
    if (page.status < 300 || page.status >= 400 || typeof location !== 'string') return page
    if (!location.startsWith(`${this.#base}/`)) return page
    return this.#follow(await this.#send('GET', location, undefined, {}))
  }

  async #send(
    method: 'GET' | 'POST',
    url: string,
    payload: string | undefined,
    headers: Readonly<Record<string, string>>,
  ) {
    const path = url.startsWith(this.#base) ? url.slice(this.#base.length) : url
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await this.#server.inject({
      ...{ method, url: path },
      headers: {
        ...(cookie !== '' && { cookie }),
        ...(payload !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(payload !== undefined && { payload }),
    })
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0 || value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return { status: answer.statusCode, headers: answer.headers, body: answer.body, url }
  }
}

interface FormIn {
  readonly action: string
  /** Hidden fields, ticked boxes and filled inputs, as a browser would post them. */
  readonly fields: Fields
}

export function formsIn(body: string): FormIn[] {
  return [...body.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head = '', inner = '']) => ({
    action: attribute(head, 'action') ?? '',
    fields: [...inner.matchAll(/<input\b([^>]*)>/g)].flatMap(([, attributes = '']): Fields => {
      const name = attribute(attributes, 'name')
      const type = attribute(attributes, 'type')
      const isLeftOut = (type === 'checkbox' || type === 'radio') && !/\bchecked\b/.test(attributes)
      return name === undefined || isLeftOut ? [] : [[name, attribute(attributes, 'value') ?? '']]
    }),
  }))
}

/** Values that the boxes or radios of a name have. */
export function valuesIn(body: string, name: string): string[] {
  return [...body.matchAll(/<input\b([^>]*)>/g)].flatMap(([, attributes = '']) =>
    attribute(attributes, 'name') === name ? [attribute(attributes, 'value') ?? ''] : [],
  )
}

export function textOf(body: string): string {
  return decoded(
    body
      .replace(/<style>.*?<\/style>/gs, '')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' '),
  ).trim()
}

function attribute(text: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1]
  return value === undefined ? undefined : decoded(value)
}

function decoded(text: string): string {
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name] ?? '')
}
