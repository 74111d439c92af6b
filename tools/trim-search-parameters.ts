/**
 * Writes the compact tables of search from HL7's packages: `node tools/trim-search-parameters.ts [FOLDER]`.
 * FOLDER holds hl7.fhir.r4.core.tgz and us_core_*.tgz; the result is committed, so nobody else needs the packages.
 */
import { join } from 'node:path'
import { writeTable } from './definition-manifest.ts'
import { readPackage } from './read-package.ts'
import { compartments } from './search-definitions/compartments.ts'
import { elementTypes } from './search-definitions/element-types.ts'
import { searchParameters } from './search-definitions/parameters.ts'
import { usCoreCapabilities } from './search-definitions/us-core.ts'

const folder = process.argv[2] ?? '../shared/data/igs'
const usCoreFiles = ['311', '400', '501', '610', '700', '800'].map((version) => `us_core_${version}.tgz`)

const core = readPackage(join(folder, 'hl7.fhir.r4.core.tgz'))
const usCore = usCoreFiles.map((file) => readPackage(join(folder, file)))

write('search-parameters.json', searchParameters(core, usCore), [core, ...usCore])
write('element-types.json', elementTypes(core), [core])
write('compartments.json', compartments(core), [core])
write('us-core.json', Object.assign({}, ...usCore.map(usCoreCapabilities)), usCore)

/** One entry a line: small, and a change shows as the lines it changes. */
function write(file: string, table: object, packages: readonly { name: string; sha256: string }[]) {
  const parts = Object.entries(table).map(([name, part]) => `${JSON.stringify(name)}: ${lines(part)}`)
  writeTable(file, `{\n${parts.join(',\n')}\n}\n`, 'tools/trim-search-parameters.ts', packages)
}

function lines(part: unknown) {
  if (Array.isArray(part)) return `[\n${part.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`
  const entries = Object.entries(part as object)
  return `{\n${entries.map(([name, entry]) => `${JSON.stringify(name)}: ${JSON.stringify(entry)}`).join(',\n')}\n}`
}
