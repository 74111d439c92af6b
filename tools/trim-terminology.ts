/**
 * Writes R4's and US Core's code systems and value sets in compact form: `node tools/trim-terminology.ts [FOLDER]`.
 * FOLDER holds igs/hl7.fhir.r4.core.tgz, igs/us_core_*.tgz, igs/hl7.terminology.r4.tgz (from which only what the others
 * refer to is taken) and us-core/us-core-expansions.json (value sets that no package can expand). The result is committed.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  compactCodeSystem,
  compactValueSet,
  type GivenCodeSystem,
  type GivenValueSet,
} from '../src/fhir/terminology/compact-definitions.ts'
import type { Concept, Title, ValueSetRule } from '../src/fhir/terminology/tables.ts'
import { terminologyOf } from '../src/fhir/terminology/terminology.ts'
import { sha256Of, tableText, writeTable } from './definition-manifest.ts'
import { readPackage } from './read-package.ts'

const folder = process.argv[2] ?? '../shared/data'
const read = (name: string) => readPackage(join(folder, 'igs', name))
const core = read('hl7.fhir.r4.core.tgz')
const usCore = ['311', '400', '501', '610', '700', '800'].map((version) => read(`us_core_${version}.tgz`))
const shared = read('hl7.terminology.r4.tgz')
const expansionsText = readFileSync(join(folder, 'us-core/us-core-expansions.json'), 'utf8')

const sources = [core, ...usCore]
const sharedSets = referredSets()

const codeSystems: Record<string, readonly Concept[]> = {}
const valueSets: Record<string, ValueSetRule> = {}
const codeSystemTitles: Record<string, Title> = {}
const valueSetTitles: Record<string, Title> = {}
const tables = { codeSystems, valueSets, codeSystemTitles, valueSetTitles }

for (const source of sources) for (const system of source.of('CodeSystem')) addCodeSystem(system)
addReferredSystems()
const displayOf = terminologyOf(tables).displayOf
for (const set of [...sources.flatMap((source) => source.of('ValueSet')), ...sharedSets]) addValueSet(set)
addExpansions()

const expansions = { name: 'us-core-expansions.json', sha256: sha256Of(expansionsText) }
writeTable('terminology.json', tableText(tables), 'tools/trim-terminology.ts', [...sources, shared, expansions])

/** Value sets of the terminology package that bindings or other value sets lead to. */
function referredSets(): readonly GivenValueSet[] {
  const own = sources.flatMap((source) => source.of('ValueSet'))
  const elements = sources
    .flatMap((source) => source.of('StructureDefinition'))
    .flatMap(({ snapshot }) => snapshot?.element ?? [])
  const urls = new Set<string>(elements.map(({ binding }) => withoutVersion(binding?.valueSet ?? '')))
  for (const set of own) for (const url of setsOf(set)) urls.add(url)
  const candidates = new Map<string, GivenValueSet>(shared.of('ValueSet').map((set) => [set.url, set]))
  for (const set of own) candidates.delete(set.url)
  for (const url of urls) for (const next of setsOf(candidates.get(url))) urls.add(next)
  return [...candidates.values()].filter((set) => urls.has(set.url))
}

function setsOf(set: GivenValueSet | undefined): readonly string[] {
  return partsOf(set)
    .flatMap((part) => part.valueSet ?? [])
    .map(withoutVersion)
}

function partsOf(set: GivenValueSet | undefined) {
  return [...(set?.compose?.include ?? []), ...(set?.compose?.exclude ?? [])]
}

function withoutVersion(canonical: string): string {
  return canonical.split('|')[0] ?? ''
}

/** Later versions add codes and take none away, so the newest stands for all. */
function addCodeSystem(system: GivenCodeSystem): void {
  const { url, name, version } = system
  if (!system.concept || system.content !== 'complete') return
  codeSystems[url] = compactCodeSystem(system)
  codeSystemTitles[url] = version === undefined ? [name] : [name, version]
}

/** Code systems that value sets name and that only the terminology package holds. */
function addReferredSystems(): void {
  const sets: readonly GivenValueSet[] = [...sources.flatMap((source) => source.of('ValueSet')), ...sharedSets]
  const wanted = new Set(sets.flatMap(partsOf).map(({ system = '' }) => withoutVersion(system)))
  for (const system of shared.of('CodeSystem')) {
    if (wanted.has(system.url) && !(system.url in codeSystems)) addCodeSystem(system)
  }
}

/** The newest version stands under the URL with those that are the same, older ones that differ under `url|version`. */
function addValueSet(set: GivenValueSet): void {
  const rule = compactValueSet(set, displayOf)
  const older = valueSets[set.url]
  const [, ...versions] = valueSetTitles[set.url] ?? [set.name]
  const isOther = JSON.stringify(older) !== JSON.stringify(rule)
  if (older && isOther)
    for (const version of versions) {
      valueSets[`${set.url}|${version}`] = older
      valueSetTitles[`${set.url}|${version}`] = [set.name, version]
    }
  valueSets[set.url] = rule
  valueSetTitles[set.url] = [set.name, ...(isOther ? [] : versions), set.version ?? '']
}

/** Published expansions, for value sets whose rule needs LOINC, SNOMED CT or VSAC. */
function addExpansions(): void {
  const given: Record<string, { codes: Record<string, readonly string[]> }> = JSON.parse(expansionsText)
  const before = terminologyOf(tables)
  for (const [name, { codes }] of Object.entries(given)) {
    const url = name
      .replace('fhirvs:', 'http://hl7.org/fhir/ValueSet/')
      .replace('uscvs:', 'http://hl7.org/fhir/us/core/ValueSet/')
    if (before.expand(url)) continue
    valueSets[url] = { include: Object.entries(codes).map(([system, list]) => ({ system, codes: list })) }
  }
}
