import type { Definition, Package } from '../read-package.ts'

interface Codes {
  /** Undefined when the codes come from several systems. */
  readonly system?: string
  readonly codes: readonly string[]
}

/** Codes of value sets that can be told without a terminology server; `bind` names one and remembers that it is used. */
export function requiredCodes(core: Package) {
  const sets = byUrl(core.of('ValueSet'))
  const systems = byUrl(core.of('CodeSystem'))
  const used: Record<string, Codes> = {}
  function bind(valueSet: string) {
    const url = valueSet.split('|')[0] ?? ''
    const codes = expand(url, sets, systems)
    if (!codes) return ''
    const name = url.split('/').at(-1) ?? ''
    const [system] = codes.systems
    used[name] = { ...(codes.systems.size === 1 && system && { system }), codes: [...codes.codes] }
    return `#${name}`
  }
  return { used, bind }
}

type Definitions = ReadonlyMap<string, Definition>

function byUrl(definitions: readonly Definition[]): Definitions {
  return new Map(definitions.map((definition) => [definition.url, definition]))
}

function expand(url: string, sets: Definitions, systems: Definitions) {
  const found = { systems: new Set<string>(), codes: new Set<string>() }
  const compose = sets.get(url)?.compose
  if (!compose || compose.exclude) return undefined
  for (const include of compose.include) {
    if (include.filter) return undefined
    for (const nested of include.valueSet ?? []) {
      const inner = expand(nested.split('|')[0], sets, systems)
      if (!inner) return undefined
      inner.codes.forEach((code) => void found.codes.add(code))
      inner.systems.forEach((system) => void found.systems.add(system))
    }
    if (!include.system) continue
    const concepts = include.concept ?? completeConcepts(systems.get(include.system))
    if (!concepts) return undefined
    found.systems.add(include.system)
    addCodes(concepts, found.codes)
  }
  return found.codes.size > 0 ? found : undefined
}

function completeConcepts(system: Definition) {
  return system?.content === 'complete' ? system.concept : undefined
}

function addCodes(concepts: readonly Definition[], codes: Set<string>) {
  for (const { code, concept } of concepts) {
    codes.add(code)
    if (concept) addCodes(concept, codes)
  }
}
