import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const archive = '../shared/data/igs/hl7.fhir.r4.core.tgz'

export const lacksPackage = !existsSync(archive) && `needs ${archive}`

/** The JSON files of R4's package whose name starts like this. */
export function packageFiles(start: string): unknown[] {
  const tar = gunzipSync(readFileSync(archive))
  const files: unknown[] = []
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8)
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '')
    if (name.startsWith(`package/${start}`)) files.push(JSON.parse(tar.toString('utf8', at + 512, at + 512 + size)))
    at += 512 + Math.ceil(size / 512) * 512
  }
  return files
}
