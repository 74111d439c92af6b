/**
 * 64-bit hashes of index values, salted by practice and path so that equal values of two practices or two paths differ.
 * A hash is two signed 32-bit halves: BigInt would cost more than the hashing. Two lanes of multiply-xor with a final mix
 * (the construction of MurmurHash3's finaliser); not for secrets.
 */
import { valueAt } from '#lib'

let high = 0
let low = 0

/** Halves of the latest hash. */
export const latest = {
  get high() {
    return high
  },
  get low() {
    return low
  },
}

/** Hashes `text` under a salt; read the halves from `latest`. */
export function hash(practice: number, salt: number, form: string, text: string): void {
  let one = 0xdeadbeef ^ Math.imul(practice, 0x9e3779b1) ^ salt
  let two = 0x41c6ce57 ^ Math.imul(salt, 0x85ebca6b) ^ practice
  one = Math.imul(one ^ form.charCodeAt(0), 2654435761)
  two = Math.imul(two ^ form.charCodeAt(0), 1597334677)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    one = Math.imul(one ^ unit, 2654435761)
    two = Math.imul(two ^ unit, 1597334677)
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909)
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909)
  high = one | 0
  low = two | 0
}

/** The key of a resource: `resource.key`, and `resource.patient` of what it owns. */
export function hashKey(practice: number, type: string, id: string): void {
  hash(practice, 0, 'K', `${type}/${id}`)
}

export interface Halves {
  readonly high: number
  readonly low: number
}

const salts = new Map<number, Halves>()

/** What a reference's path adds to the key of its target: token = key # salt, both here and in SQL (`#` is xor). */
export function saltOf(sourceKey: number): Halves {
  return valueAt(salts, sourceKey, () => {
    hash(0, sourceKey, 'R', '')
    return { high, low }
  })
}

/** As PostgreSQL reads an int8. */
export function int8Text(halves: Halves): string {
  return BigInt.asIntN(64, (BigInt(halves.high) << 32n) | BigInt(halves.low >>> 0)).toString()
}

export function hashText(practice: number, salt: number, form: string, text: string): string {
  hash(practice, salt, form, text)
  return int8Text({ high, low })
}

export function keyText(practice: number, type: string, id: string): string {
  hashKey(practice, type, id)
  return int8Text({ high, low })
}

export function saltText(sourceKey: number): string {
  return int8Text(saltOf(sourceKey))
}
