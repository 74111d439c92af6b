import { Problem } from '#lib'

/** Names and values in the order given, decoded. */
export type Parameters = readonly (readonly [name: string, value: string])[]

const none: Parameters = []
const mostParameters = 1000

/** Reads `application/x-www-form-urlencoded`, as a query string and as a body. https://url.spec.whatwg.org/#urlencoded-parsing */
export function parameters(text: string): Parameters {
  if (text === '') return none
  // one more than are taken: the rest need not be looked at
  const pairs = text.split('&', mostParameters + 1)
  if (pairs.length > mostParameters) {
    throw new Problem('too-costly', `The parameters cannot be read: there are more than ${mostParameters}`)
  }
  return pairs
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      const [name, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
      return [decoded(name), decoded(value)] as const
    })
}

/** RFC 6750 §2.3 lets a token stand in the URL, where logs and histories keep it: refused, and never read. */
export function refuseToken(given: Parameters) {
  if (given.some(([name]) => name.toLowerCase() === 'access_token')) {
    throw new Problem(
      'incorrect',
      'A token cannot be given as parameter "access_token": send it as header "Authorization: Bearer …" and revoke this one',
      { issue: 'security' },
    )
  }
}

function decoded(text: string): string {
  const plain = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!plain.includes('%')) return checked(plain)
  try {
    return checked(decodeURIComponent(plain))
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem(
      'incorrect',
      'The parameters cannot be read: "%" is not followed by the hexadecimal code of UTF-8 text',
      { cause },
    )
  }
}

function checked(text: string): string {
  if (text.includes('\0')) throw new Problem('incorrect', 'The parameters cannot be read: they hold a NUL character')
  return text
}
