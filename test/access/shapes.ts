/** The searches of the matrix, made from what the CapabilityStatement offers for the types of the fixture. */
import { patientIds } from './records.ts'

export interface Offered {
  readonly type: string
  readonly searchParam: readonly { readonly name: string; readonly type: string }[]
  readonly searchInclude?: readonly string[]
  readonly searchRevInclude?: readonly string[]
}

const ever = '_lastUpdated=gt2000-01-01'
const sorted = ['string', 'date', 'token', 'reference', 'number', 'quantity', 'uri']

/** Every shape for one type; `types` are the others of the fixture. */
export function shapesOf(
  { type, searchParam, searchInclude = [], searchRevInclude = [] }: Offered,
  types: readonly string[],
): string[] {
  const references = searchParam.filter(({ type: kind }) => kind === 'reference').map(({ name }) => name)
  const includes = searchInclude.filter((include) => include.startsWith(`${type}:`))
  const reverse = searchRevInclude.filter((include) => types.includes(include.split(':')[0] ?? ''))
  return [
    ...plainShapes(type),
    ...searchParam
      .filter(({ type: kind, name }) => sorted.includes(kind) && !['_text', '_content'].includes(name))
      .map(({ name }) => `${type}?_sort=-${name}&_count=9`),
    ...searchParam
      .filter(({ type: kind }) => !['special', 'composite'].includes(kind))
      .map(({ name }) => `${type}?${name}:missing=false&_total=accurate`),
    ...includes.map((include) => `${type}?_include=${include}`),
    ...includes
      .slice(0, 6)
      .map(
        (include) => `${type}?_include=${include}&_include:iterate=*&_revinclude:iterate=Provenance:target&_count=3`,
      ),
    ...reverse.map((include) => `${type}?_revinclude=${include}`),
    ...reverse.map((include) => `${type}?_has:${include}:${ever}&_total=accurate`),
    ...reverse
      .filter((_, at) => at % 7 === 0)
      .map((include) => `${type}?_has:${include}:_has:Provenance:target:${ever}`),
    ...references.flatMap((name) => chains(type, name)),
    ...compartments(type),
  ]
}

function plainShapes(type: string): string[] {
  return [
    `${type}?_total=accurate&_count=5`,
    `${type}?_summary=count`,
    `${type}?_elements=id&_count=1000`,
    `${type}?_summary=true`,
    `${type}?_summary=text&_total=estimate`,
    `${type}?_count=0`,
    `${type}?_include=*`,
    `${type}?_revinclude=*`,
    `${type}?_include=*&_include:iterate=*&_revinclude=*&_revinclude:iterate=*&_count=4`,
    `${type}?_id:not=x&_sort=_id&_total=accurate&_count=3`,
    `${type}?_list=list-p1`,
    `${type}?_list=list-free`,
    `${type}?_security=http://terminology.hl7.org/CodeSystem/v3-Confidentiality|R`,
    `${type}?_source=urn:stored-at:north&_total=accurate`,
    `${type}?_source=urn:stored-at:south&_summary=count`,
  ]
}

function chains(type: string, name: string): string[] {
  const targets = ['Patient', 'Observation', 'Practitioner', 'Group', 'Encounter', 'AuditEvent']
  return [
    ...targets.map((target) => `${type}?${name}:${target}.${ever}&_total=accurate`),
    `${type}?${name}:Patient.general-practitioner:Practitioner.${ever}`,
    `${type}?${name}=${patientIds.map((id) => `Patient/${id}`).join(',')}`,
    `${type}?${name}:Patient=p3`,
  ]
}

function compartments(type: string): string[] {
  const places = [
    ...patientIds.map((id) => `Patient/${id}`),
    'Encounter/enc-p1',
    'Encounter/enc-p3',
    'Practitioner/dr1',
    'RelatedPerson/rp-p3',
    'Device/dev-p3',
  ]
  return places.map((place) => `${place}/${type}?_total=accurate`)
}

/** Across types. */
export const systemShapes: readonly string[] = [
  '?_count=1000&_total=accurate',
  '?_count=3',
  '?_summary=count',
  '?_type=Patient,Observation&_total=accurate',
  '?_type=Observation,Provenance&_include=*&_revinclude=*',
  '?_type=Encounter,Condition&_sort=-_lastUpdated&_count=2',
  ...patientIds.map((id) => `Patient/${id}/*?_total=accurate`),
  'Practitioner/dr1/*',
  `?_id=${patientIds.flatMap((id) => [id, `obs-${id}`, `bin-${id}`]).join(',')}`,
]

/** Operations that answer a Bundle. */
export const operationShapes: readonly string[] = [
  ...patientIds.flatMap((id) => [
    `Patient/${id}/$everything`,
    `Patient/${id}/$everything?_count=2`,
    `Patient/${id}/$everything?_type=Provenance,Binary,Practitioner,Device`,
    `Patient/${id}/$everything?start=2019-01-01&_count=7`,
    `Observation/$lastn?patient=${id}&max=3`,
    `Observation/$lastn?subject=Patient/${id}&category=laboratory`,
    `DocumentReference/$docref?patient=${id}`,
    `DocumentReference/$docref?patient=${id}&start=2000-01-01`,
  ]),
  'Patient/other/$everything',
]

/** mulberry32: the same choice in each run. */
export function sample<T>(all: readonly T[], count: number, seed: number): readonly T[] {
  let state = seed
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  if (count >= all.length) return all
  return Array.from({ length: count }, () => all[Math.floor(random() * all.length)] as T)
}
