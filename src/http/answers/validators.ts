import type { IncomingHttpHeaders } from 'node:http'

/** Whether the client holds this version already. https://www.rfc-editor.org/rfc/rfc9110#name-precedence-of-preconditions */
export function isUnchanged(
  headers: IncomingHttpHeaders,
  etag: string | undefined,
  updatedSeconds: number | undefined,
) {
  const held = headers['if-none-match']
  if (held !== undefined) return etag !== undefined && matches(held, etag)
  const since = headers['if-modified-since']
  return since !== undefined && updatedSeconds !== undefined && updatedSeconds <= Date.parse(since) / 1000
}

/** Weak comparison, which is what GET asks for: `"3"` is `W/"3"`. */
function matches(held: string, etag: string): boolean {
  if (held.trim() === '*') return true
  const wanted = opaque(etag)
  return held.split(',').some((item) => opaque(item.trim()) === wanted)
}

function opaque(etag: string): string {
  return etag.startsWith('W/') ? etag.slice(2) : etag
}
