import { refusal, type See, seeAs } from '#access'
import { parseSearch, type StoredCodeSystem, type StoredValueSet, validateStructure } from '#fhir'
import { Problem } from '#lib'
import type { Row, Store } from '#store'
import type { RestOptions } from '../../options.ts'
import { onlyOffered } from '../../resource-type.ts'
import type { OperationCall } from '../operation.ts'

interface Definitions {
  readonly ValueSet: StoredValueSet
  readonly CodeSystem: StoredCodeSystem
}

/** Value sets and code systems that the practice stores, as far as the caller may see them. */
export interface StoredDefinitions {
  /** The newest of each URL that there is; of one with `|version` that version. */
  byUrl<Type extends keyof Definitions>(type: Type, urls: readonly string[]): Promise<readonly Definitions[Type][]>
  byId<Type extends keyof Definitions>(type: Type, id: string): Promise<Definitions[Type]>
}

export async function storedDefinitionsAt(
  { storeOf, rulesOf }: RestOptions,
  { practice, principal, type = '' }: OperationCall,
): Promise<StoredDefinitions> {
  const who = await principal
  const rules = await rulesOf(practice, who)
  const [search, read] = [seeAs(who, 'search', rules), seeAs(who, 'read', rules)]
  if (!search(type)) throw refusal(who, 'search', type, rules)
  const see = onlyOffered(practice, search)
  const store = storeOf(practice)
  return {
    byUrl: (kind, urls) => byUrl(store, see, kind, urls),
    byId: (kind, id) => byId(store, onlyOffered(practice, read), kind, id),
  }
}

const mostUrls = 100

async function byUrl<Type extends keyof Definitions>(
  store: Store,
  see: See,
  type: Type,
  canonicals: readonly string[],
): Promise<readonly Definitions[Type][]> {
  if (canonicals.length === 0 || !see(type)) return []
  if (canonicals.length > mostUrls) {
    throw new Problem('too-costly', `The value set names more than ${mostUrls} definitions, and no more are looked for`)
  }
  const query = parseSearch({
    types: [type],
    parameters: [['url', canonicals.map((canonical) => escaped(partsOf(canonical).url)).join()]],
    handling: 'strict',
    zone: 'UTC',
    bases: [],
    defaultCount: 1000,
    maximumCount: 1000,
  })
  const { matches } = await store.search(see, query)
  const found = matches
    .toSorted((one, other) => other.updated - one.updated)
    .map((row) => definitionOf<Definitions[Type]>(row))
  return canonicals.flatMap((canonical) => {
    const { url, version } = partsOf(canonical)
    const [newest] = found.filter((each) => each.url === url && (version === undefined || each.version === version))
    return newest ? [newest] : []
  })
}

async function byId<Type extends keyof Definitions>(
  store: Store,
  see: See,
  type: Type,
  id: string,
): Promise<Definitions[Type]> {
  const found = await store.read(see, type, id)
  if (found.state === 'none') throw new Problem('not-found', `${type}/${id} is not known`)
  if (found.state === 'deleted') throw new Problem('gone', `${type}/${id} was deleted`)
  return definitionOf(found.row)
}

/** What was imported without checks may be of any shape. */
function definitionOf<Definition>({ type, id, body }: Row): Definition {
  const definition: unknown = JSON.parse(body)
  const [fault] = validateStructure(definition)
  if (!fault) return definition as Definition
  throw new Problem('invalid', `The stored ${type}/${id} cannot be used: ${fault.expression} ${fault.sentence}`)
}

/** A canonical URL and its version. https://hl7.org/fhir/R4/references.html#canonical */
export function partsOf(canonical: string): { readonly url: string; readonly version?: string } {
  const [url = '', version] = canonical.split('|')
  return version === undefined || version === '' ? { url } : { url, version }
}

/** https://hl7.org/fhir/R4/search.html#escaping */
function escaped(url: string): string {
  return url.replace(/[\\,|$]/g, '\\$&')
}
