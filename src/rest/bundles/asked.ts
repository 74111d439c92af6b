import { Problem } from '#lib'
import type { Entry } from '#store'

/** What an entry of a batch or transaction asks for. https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.request */
export interface Asked {
  readonly entry: Entry
  readonly method: Verb
  /** Below the base, without a slash before it: `Patient/1`. */
  readonly path: string
  /** What stands behind the `?`, as it was written. */
  readonly query: string
}

/** In the order in which they are done. https://hl7.org/fhir/R4/http.html#trules */
const verbs = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'] as const

export type Verb = (typeof verbs)[number]

/** `bases`: what may stand before the path, because it is this practice's own. */
export function askedOf(entry: Entry, bases: readonly string[]): Asked {
  if (entry.url === '') {
    throw new Problem(
      'incorrect',
      'The entry asks for nothing: it takes a request with a method and a url, such as POST and Patient',
      {
        expression: `Bundle.entry[${entry.index}].request.url`,
      },
    )
  }
  const method = verbs.find((verb) => verb === entry.method)
  if (!method) throw refused(entry, `its method ${shown(entry.method)} is none of ${verbs.join(', ')}`, 'method')
  const url = belowBase(entry.url, bases)
  if (/^[a-z][a-z\d+.-]*:/i.test(url)) throw refused(entry, 'its url is not below this base', 'url')
  const [path = '', ...query] = url.replace(/^\//, '').split('?')
  if (path === '' && query.length === 0) throw refused(entry, 'its request names no url', 'url')
  return { entry, method, path, query: query.join('?') }
}

/** What changes nothing: also an operation, which is posted to an address with `$`. */
export function isRead({ method, path }: Asked): boolean {
  return method === 'GET' || method === 'HEAD' || (method === 'POST' && /(?:^|\/)\$[^/]+$/.test(path))
}

/** In how many rounds before it others are done. */
export function roundOf({ method }: Asked): number {
  return rounds[method]
}

const rounds = { DELETE: 0, POST: 1, PUT: 2, PATCH: 2, GET: 3, HEAD: 3 } as const satisfies Record<Verb, number>

function belowBase(url: string, bases: readonly string[]): string {
  const base = bases.find((one) => url === one || (url.startsWith(one) && '/?'.includes(url[one.length] ?? ' ')))
  return base === undefined ? url : url.slice(base.length)
}

function refused({ index, url, method }: Entry, reason: string, member: string): Problem {
  return new Problem('incorrect', `Cannot do ${shown(`${method} ${url}`)}: ${reason}`, {
    expression: `Bundle.entry[${index}].request.${member}`,
  })
}

function shown(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200).toWellFormed()} …` : text)
}
