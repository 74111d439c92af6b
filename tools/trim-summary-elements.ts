/**
 * Writes which top-level elements of each resource type are in its summary, and which are mandatory, from R4's
 * StructureDefinitions: `node tools/trim-summary-elements.ts [FOLDER]`. FOLDER holds hl7.fhir.r4.core.tgz.
 */
import { join } from 'node:path'
import { tableText, writeTable } from './definition-manifest.ts'
import { type Definition, readPackage } from './read-package.ts'

const core = readPackage(join(process.argv[2] ?? '../shared/data/igs', 'hl7.fhir.r4.core.tgz'))

const resources = core
  .of('StructureDefinition')
  .filter(({ kind, derivation, abstract }) => kind === 'resource' && derivation === 'specialization' && !abstract)

const parts = { summary: elements(({ isSummary }) => isSummary), mandatory: elements(({ min }) => min > 0) }
writeTable('summary-elements.json', tableText(parts), 'tools/trim-summary-elements.ts', [core])

function elements(isWanted: (element: Definition) => boolean) {
  return Object.fromEntries(
    resources.map(({ type, snapshot }) => [
      type,
      snapshot.element
        .filter((element: Definition) => element.path.split('.').length === 2 && isWanted(element))
        .flatMap(membersOf)
        .join(' '),
    ]),
  )
}

/** In JSON a choice is named with its type: `value[x]` is valueQuantity, valueString and so on. */
function membersOf({ path, type }: Definition): string[] {
  const name = path.split('.')[1]
  if (!name.endsWith('[x]')) return [name]
  const codes = new Set<string>(type.map(({ code }: { code: string }) => code))
  return [...codes].map((code) => name.replace('[x]', code.charAt(0).toUpperCase() + code.slice(1)))
}
