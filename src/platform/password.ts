/** Passwords as argon2id hashes in PHC form: https://www.rfc-editor.org/rfc/rfc9106, parameters of OWASP's second choice. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const bytes = 32

const derive = promisify(argon2)

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derived(password, { ...cost, nonce })
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${plain(nonce)}$${plain(tag)}`
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Whether it is the password of the hash; without a hash (no such user) it takes as long and says no. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, tag] = form.exec(stored ?? '') ?? []
  if (nonce === undefined || tag === undefined) {
    await derived(password, { ...cost, nonce: randomBytes(16) })
    return false
  }
  const settings = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const wanted = Buffer.from(tag, 'base64')
  const got = await derived(password, { ...settings, nonce: Buffer.from(nonce, 'base64') })
  return got.length === wanted.length && timingSafeEqual(got, wanted)
}

interface Derivation {
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
  readonly nonce: Buffer
}

/** NFKC, so that a password typed on another keyboard is the same one. */
function derived(password: string, settings: Derivation): Promise<Buffer> {
  return derive('argon2id', { ...settings, message: password.normalize('NFKC'), tagLength: bytes })
}

function plain(buffer: Buffer): string {
  return buffer.toString('base64').replace(/=+$/, '')
}
