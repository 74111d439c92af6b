import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A resource of a package as it was published; what is read from it is checked by the tests of the tables. */
// biome-ignore lint/suspicious/noExplicitAny: published definitions of many types, read once by this tool
export type Definition = any

export interface Package {
  readonly version: string
  of(type: string): readonly Definition[]
}

/** https://hl7.org/fhir/R4/packages.html */
export function readPackage(archive: string): Package {
  const folder = mkdtempSync(join(tmpdir(), 'package-'))
  try {
    execFileSync('tar', ['-xzf', archive, '-C', folder])
    return fromFolder(join(folder, 'package'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const wanted = [
  'SearchParameter',
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'CompartmentDefinition',
  'CapabilityStatement',
]

function fromFolder(folder: string): Package {
  const byType = new Map<string, Definition[]>(wanted.map((type) => [type, []]))
  for (const file of readdirSync(folder).sort()) {
    byType.get(file.split('-')[0] ?? '')?.push(JSON.parse(readFileSync(join(folder, file), 'utf8')))
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return { version, of: (type) => byType.get(type) ?? [] }
}
