/**
 * Writes the compact tables of search from HL7's packages: `node tools/trim-search-parameters.ts [FOLDER]`.
 * FOLDER holds hl7.fhir.r4.core.tgz and us_core_*.tgz; the result is committed, so nobody else needs the packages.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compartments } from './search-definitions/compartments.ts'
import { elementTypes } from './search-definitions/element-types.ts'
import { readPackage } from './search-definitions/package.ts'
import { searchParameters } from './search-definitions/parameters.ts'
import { usCoreCapabilities } from './search-definitions/us-core.ts'

const folder = process.argv[2] ?? '../shared/data/igs'
const home = join(import.meta.dirname, '../src/fhir/definitions')
const usCoreFiles = ['311', '400', '501', '610', '700', '800'].map((version) => `us_core_${version}.tgz`)

const core = readPackage(join(folder, 'hl7.fhir.r4.core.tgz'))
const usCore = usCoreFiles.map((file) => readPackage(join(folder, file)))

write('search-parameters.json', searchParameters(core, usCore))
write('element-types.json', elementTypes(core))
write('compartments.json', compartments(core))
write('us-core.json', Object.assign({}, ...usCore.map(usCoreCapabilities)))

/** One entry a line: small, and a change shows as the lines it changes. */
function write(file: string, table: object) {
  const text = Object.entries(table).map(([name, part]) => `${JSON.stringify(name)}: ${lines(part)}`)
  writeFileSync(join(home, file), `{\n${text.join(',\n')}\n}\n`)
}

function lines(part: unknown) {
  if (Array.isArray(part)) return `[\n${part.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`
  const entries = Object.entries(part as object)
  return `{\n${entries.map(([name, entry]) => `${JSON.stringify(name)}: ${JSON.stringify(entry)}`).join(',\n')}\n}`
}
