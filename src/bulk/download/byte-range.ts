import type { ByteRange } from '#files'

/**
 * What `Range` asks for of so many bytes; undefined: all of it, also where several parts are asked for.
 * https://www.rfc-editor.org/rfc/rfc9110#name-range
 */
export function byteRange(header: string | undefined, length: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^\s*bytes\s*=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const start = first === '' ? Math.max(0, length - Number(last)) : Number(first)
  const end = first === '' || last === '' ? length : Math.min(length, Number(last) + 1)
  if (first !== '' && last !== '' && Number(last) < start) return undefined // no range: RFC 9110 §14.1.1
  return start < end ? { start, end } : 'unsatisfiable'
}
