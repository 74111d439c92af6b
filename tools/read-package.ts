import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** A published definition; what the tools read from it is checked by the tests of the tables. */
// biome-ignore lint/suspicious/noExplicitAny: definitions of many types, read once by these tools
export type Definition = any

export interface Package {
  /** Such as hl7.fhir.r4.core#4.0.1 */
  readonly name: string
  readonly version: string
  readonly sha256: string
  of(type: string): readonly Definition[]
}

/** https://hl7.org/fhir/R4/packages.html: only the top folder, since `other` and `example` hold no definitions. */
export function readPackage(archive: string): Package {
  const packed = readFileSync(archive)
  const files = new Map(filesOf(gunzipSync(packed)))
  const { name, version } = JSON.parse(files.get('package/package.json') ?? '{}')
  const definitions = [...files]
    .filter(([path]) => /^package\/[A-Z][^/]*\.json$/.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, text]): Definition => JSON.parse(text))
  return {
    name: `${name}#${version}`,
    version,
    sha256: createHash('sha256').update(packed).digest('hex'),
    of: (type) => definitions.filter((definition) => definition.resourceType === type),
  }
}

/** The regular files of a tar archive; names over 100 letters come in a `pax` or `L` header before their file. */
function* filesOf(tar: Buffer): Generator<[path: string, text: string]> {
  let longName: string | undefined
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(field(tar, at + 124, 12), 8)
    const kind = String.fromCharCode(tar[at + 156] ?? 0)
    const text = tar.toString('utf8', at + 512, at + 512 + size)
    if (kind === 'L') longName = text.replace(/\0.*$/s, '')
    else if (kind === 'x') longName = /\d+ path=([^\n]*)\n/.exec(text)?.[1]
    else {
      const prefix = field(tar, at + 345, 155)
      if (kind === '0' || kind === '\0') yield [longName ?? (prefix && `${prefix}/`) + field(tar, at, 100), text]
      longName = undefined
    }
    at += 512 + Math.ceil(size / 512) * 512
  }
}

function field(tar: Buffer, start: number, length: number): string {
  return tar
    .toString('latin1', start, start + length)
    .replace(/[\0 ]*\0.*$/s, '')
    .trim()
}
