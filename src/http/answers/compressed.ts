import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Below this a compressed body saves nothing that a packet would notice. */
const thresholdBytes = 1024

const ways = { br: promisify(brotliCompress), gzip: promisify(gzip) }

/** Quality 4: more is for files that are compressed once. */
const options = { br: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }, gzip: { level: 6 } }

export type Encoding = keyof typeof ways

/** The encoding for a body of this length, by `Accept-Encoding`; undefined: as it is. */
export function encodingFor(accepted: string | undefined, length: number): Encoding | undefined {
  if (accepted === undefined || length < thresholdBytes) return undefined
  const names = accepted
    .toLowerCase()
    .split(',')
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(';')[0]?.trim())
  return (['br', 'gzip'] as const).find((name) => names.includes(name))
}

export function compressed(body: string, encoding: Encoding): Promise<Buffer> {
  return encoding === 'br' ? ways.br(body, options.br) : ways.gzip(body, options.gzip)
}
