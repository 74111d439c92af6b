import { Problem } from '#lib'

/** An address that a server names, as it stands in an answer from `from`; one that leads from https to http is not followed. */
export function addressFrom(text: string, from: URL): URL {
  const url = URL.parse(text, from)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Problem('incorrect', `The server at ${from.origin} names "${text}", which is no address on the web`)
  }
  if (from.protocol !== 'https:' || url.protocol === 'https:') return url
  if (url.hostname === from.hostname && url.port === '') {
    url.protocol = 'https:' // a server behind a proxy often does not know that it is reached by https
    return url
  }
  throw new Problem('forbidden', `The server at ${from.origin} leads to ${url.origin}, where data goes unencrypted`)
}

/** Without what may be a secret of its own: for sentences. */
export function shown({ origin, pathname }: URL): string {
  return origin + pathname
}
