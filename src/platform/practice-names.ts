import { Problem } from '#lib'

/** First segments of paths that are the platform's own. */
const reserved = ['healthz', 'readyz', 'metrics', 'portal', 'docs', 'assets', 'api', 'auth', 'admin', 'favicon.ico']

/** An id for a practice as the command line gives it; throws Problem 'incorrect'. */
export function practiceId(text: string): string {
  const name = readPathName(text)
  if (name !== undefined) return name
  const reason = reserved.includes(text)
    ? 'it is an address of the platform'
    : 'it takes 1 to 63 of a to z, 0 to 9 and -'
  throw new Problem('incorrect', `Cannot use "${text}" as the id of a practice: ${reason}`)
}

/** A practice's segment of a path; undefined for what can't be one. */
export function readPathName(text: string): string | undefined {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text) && !reserved.includes(text) ? text : undefined
}

/** A host name in lower case, without port; undefined for what can't be one. */
export function readHostName(text: string): string | undefined {
  const name = text.toLowerCase()
  const isName = name.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(name)
  return isName ? name : undefined
}
