/** Valid searches of every kind, made from what the CapabilityStatement offers. */
import type { Random } from './random.ts'

export interface OfferedType {
  readonly type: string
  readonly searchParam: readonly { readonly name: string; readonly type: string }[]
  readonly searchInclude?: readonly string[]
  readonly searchRevInclude?: readonly string[]
}

export interface Wanted {
  readonly method: string
  /** Below the base, not encoded. */
  readonly path: string
  readonly query: readonly (readonly [name: string, value: string])[]
}

/** What is at the practice, so that some searches find something. */
export interface Known {
  readonly types: readonly OfferedType[]
  readonly ids: ReadonlyMap<string, readonly string[]>
  /** Tokens of paging links that answers gave. */
  readonly pages: { path: string; token: string }[]
}

const prefixes = ['', '', '', 'eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']
const dates = [
  '2020',
  '2019-02',
  '2024-03-01',
  '2001-12-31T23:59',
  '2024-02-29T10:00:00Z',
  '1999-01-01T00:00:00.123-05:00',
]
const numbers = ['0', '5', '-1', '5.40', '1e2', '0.001', '100000']
const codes = [
  'final',
  'active',
  '8302-2',
  'http://loinc.org|8302-2',
  'http://loinc.org|',
  '|x',
  'http://x.y|z',
  'laboratory',
  'true',
  'male',
]
const words = ['smith', 'A', 'an', 'Ünï', 'main street', 'o’neil', 'x\\,y']

export function wantedSearch(known: Known, random: Random): Wanted {
  const offered = random.chance(0.8)
    ? random.of(known.types.filter(({ type }) => known.ids.has(type)))
    : random.of(known.types)
  const kind = random.below(20)
  if (kind < 3) return { method: 'GET', path: `${offered.type}/${idOf(known, offered.type, random)}`, query: [] }
  if (kind === 3) return { method: 'GET', path: random.of(['metadata', '$versions']), query: [] }
  if (kind === 4 && known.pages.length > 0) {
    const { path, token } = random.of(known.pages)
    return { method: 'GET', path, query: [['_page', token]] }
  }
  const query = queryOf(known, offered, random)
  if (kind === 5) return { method: 'GET', path: '', query: [['_type', `${offered.type},Patient`], ...controls(random)] }
  if (kind === 6) return { method: 'GET', path: `Patient/${idOf(known, 'Patient', random)}/${offered.type}`, query }
  if (kind === 7) return { method: 'GET', path: `Patient/${idOf(known, 'Patient', random)}/*`, query: controls(random) }
  if (kind < 10) return { method: 'POST', path: `${offered.type}/_search`, query }
  return { method: random.chance(0.05) ? 'HEAD' : 'GET', path: offered.type, query }
}

export function idOf({ ids }: Known, type: string, random: Random): string {
  const some = ids.get(type) ?? []
  return some.length > 0 && random.chance(0.9) ? random.of(some) : 'none'
}

type Pair = readonly [string, string]

function queryOf(
  known: Known,
  { type, searchParam, searchInclude = [], searchRevInclude = [] }: OfferedType,
  random: Random,
): Pair[] {
  const conditions = Array.from({ length: random.below(3) }, () => conditionOf(known, random.of(searchParam), random))
  const references = searchParam.filter((parameter) => parameter.type === 'reference')
  const more: Pair[] = []
  if (references.length > 0 && random.chance(0.15)) more.push(chain(known, random.of(references).name, random))
  if (searchRevInclude.length > 0 && random.chance(0.15)) more.push([`_has:${random.of(searchRevInclude)}:_id`, 'x'])
  if (searchInclude.length > 0 && random.chance(0.2))
    more.push([random.of(['_include', '_include:iterate']), random.of(searchInclude)])
  if (searchRevInclude.length > 0 && random.chance(0.2)) more.push(['_revinclude', random.of(searchRevInclude)])
  if (random.chance(0.1)) more.push(['_sort', `${random.of(['', '-'])}${random.of(searchParam).name}`])
  if (random.chance(0.05)) more.push(['_elements', 'id,status'])
  if (random.chance(0.05)) more.push(['_id', idOf(known, type, random)])
  return [...conditions, ...more, ...controls(random)]
}

function controls(random: Random): Pair[] {
  const all: Pair[] = [
    ['_count', String(random.below(30))],
    ['_summary', random.of(['true', 'text', 'data', 'count', 'false'])],
    ['_total', random.of(['none', 'estimate', 'accurate'])],
    ['_format', random.of(['json', 'application/fhir+json'])],
    ['_pretty', 'true'],
    ['_lastUpdated', `${random.of(prefixes)}${random.of(dates)}`],
  ]
  return all.filter(() => random.chance(0.12))
}

function chain(known: Known, name: string, random: Random): Pair {
  const target = random.of(known.types)
  return [
    `${name}:${target.type}.${random.of(target.searchParam).name}`,
    valueFor(known, random.of(target.searchParam), random),
  ]
}

const modifiers: Readonly<Record<string, readonly string[]>> = {
  string: ['', '', ':exact', ':contains', ':missing'],
  token: ['', '', '', ':not', ':text', ':missing', ':in', ':below', ':of-type'],
  reference: ['', '', ':identifier', ':missing', ':Patient'],
  uri: ['', ':below', ':above'],
}

function conditionOf(known: Known, parameter: OfferedType['searchParam'][number], random: Random): Pair {
  const modifier = random.of(modifiers[parameter.type] ?? ['', '', '', ':missing'])
  const value = modifier === ':missing' ? random.of(['true', 'false']) : valueFor(known, parameter, random)
  return [parameter.name + modifier, random.chance(0.1) ? `${value},${valueFor(known, parameter, random)}` : value]
}

function valueFor(known: Known, { type }: { readonly type: string }, random: Random): string {
  switch (type) {
    case 'date':
      return random.of(prefixes) + random.of(dates)
    case 'number':
      return random.of(prefixes) + random.of(numbers)
    case 'quantity':
      return random.of(prefixes) + random.of(numbers) + random.of(['', '', '||mg', '|http://unitsofmeasure.org|mg'])
    case 'token':
      return random.of(codes)
    case 'reference':
      return random.of([
        `Patient/${idOf(known, 'Patient', random)}`,
        idOf(known, 'Patient', random),
        'Practitioner/dr1',
        'http://x.y/Patient/1',
      ])
    case 'composite':
      return `${random.of(codes)}$${random.of([...numbers, ...dates, ...codes])}`
    case 'uri':
      return random.of(['http://example.org/vs', 'urn:uuid:1', 'http://hl7.org'])
    default:
      return random.of(words)
  }
}
