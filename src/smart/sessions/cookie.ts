/**
 * The cookie of a browser at a practice: a random id, before sign-in and after it another. Each practice has a name of its
 * own for it, and the database knows an id under one practice only, so a sign-in here is nothing there.
 */
import { randomBytes } from 'node:crypto'
import type { Practice } from '#http'

/** `__Host-`: only this host over https may set it, for all of its paths. */
function cookieName({ number, root }: Practice): string {
  return `${isSecure(root) ? '__Host-' : ''}charthouse-${number}`
}

function isSecure(root: string): boolean {
  return root.startsWith('https:')
}

/** The browser's id; undefined: none that could be ours. */
export function readCookie(practice: Practice, header: string | undefined): string | undefined {
  const name = cookieName(practice)
  const values = (header ?? '').split(';').flatMap((pair) => {
    const [key = '', value = ''] = pair.split('=', 2)
    return key.trim() === name ? [value.trim()] : []
  })
  const [value] = values
  return values.length === 1 && value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined
}

export function newId(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * It goes when the browser is closed, and comes along with links of other sites, but in no frame of theirs: what an EHR
 * shows in a frame needs no cookie (`steps/flow-frame.ts`).
 */
export function writeCookie(practice: Practice, id: string): string {
  return `${cookieName(practice)}=${id}; Path=/; HttpOnly; SameSite=Lax${isSecure(practice.root) ? '; Secure' : ''}`
}

export function removeCookie(practice: Practice): string {
  return `${writeCookie(practice, '')}; Max-Age=0`
}
