import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What `src/fhir/definitions/manifest.json` tells of each generated table, so that a hand edit shows. */
export interface ManifestEntry {
  readonly generator: string
  /** sha256 of each package that it was made from. */
  readonly packages: Readonly<Record<string, string>>
  readonly sha256: string
}

export const definitionsFolder = join(import.meta.dirname, '../src/fhir/definitions')
const manifestFile = join(definitionsFolder, 'manifest.json')

export function readManifest(): Record<string, ManifestEntry> {
  try {
    return JSON.parse(readFileSync(manifestFile, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

export function sha256Of(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

interface Source {
  readonly name: string
  readonly sha256: string
}

/** Writes a generated table and its line of the manifest. */
export function writeTable(file: string, text: string, generator: string, packages: readonly Source[]): void {
  writeFileSync(join(definitionsFolder, file), text)
  const sources = Object.fromEntries(packages.map(({ name, sha256 }) => [name, sha256]))
  const entries = { ...readManifest(), [file]: { generator, packages: sources, sha256: sha256Of(text) } }
  const sorted = Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(manifestFile, `${JSON.stringify(sorted, undefined, 2)}\n`)
}

/** One entry a line: small, and a change shows as the lines it changes. */
export function tableText(parts: Readonly<Record<string, object>>): string {
  const texts = Object.entries(parts).map(([name, part]) => {
    const lines = Object.entries(part).map(([key, entry]) => `${JSON.stringify(key)}:${JSON.stringify(entry)}`)
    return `${JSON.stringify(name)}:{\n${lines.join(',\n')}\n}`
  })
  return `{\n${texts.join(',\n')}\n}\n`
}
