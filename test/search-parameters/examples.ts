import { existsSync, readFileSync } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'

/** The specification's own examples of every type; not part of the project. */
const archive = '../shared/data/r4/r4-spec-examples-2459.tar.zst'

export const lacksExamples = !existsSync(archive) && `needs ${archive}`

export interface Example {
  readonly resourceType: string
  readonly id?: string
}

export function* examples(): Generator<Example> {
  const tar = zstdDecompressSync(readFileSync(archive))
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
    const isFile = tar[at + 156] === 0x30 || tar[at + 156] === 0
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '')
    if (isFile && name.endsWith('.json')) yield JSON.parse(tar.toString('utf8', at + 512, at + 512 + size))
    at += 512 + Math.ceil(size / 512) * 512
  }
}
