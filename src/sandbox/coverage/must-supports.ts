/** Reads the must-support tables of the certification kit against resources; for the tests of the sandbox alone. */
export type Json = Readonly<Record<string, unknown>>

interface Discriminator {
  readonly type: string
  readonly path?: string
  readonly code?: string
  readonly system?: string
  readonly values?: readonly {
    readonly path?: string
    readonly value?: string
    readonly system?: string
    readonly code?: string
  }[]
}
export interface Slice {
  readonly slice_name: string
  readonly path: string
  readonly discriminator: Discriminator
}
export interface Element {
  readonly path: string
  readonly fixed_value?: string
  readonly target_profiles?: readonly string[]
}
export interface MustSupports {
  readonly extensions: readonly { readonly id: string; readonly path: string; readonly url: string }[]
  readonly slices: readonly Slice[]
  readonly elements: readonly Element[]
  readonly choices?: readonly {
    readonly paths?: readonly string[]
    readonly extension_ids?: readonly string[]
    readonly target_profiles?: readonly string[]
  }[]
}

const dataAbsent = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason'
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** Content other than the statement that there is none. */
function isPresent(value: unknown): boolean {
  if (!isObject(value)) return value !== undefined && value !== null
  const entries = Array.isArray(value)
    ? value
    : Object.entries(value).filter(([key, inner]) => key !== 'extension' || !saysAbsent(inner))
  return entries.length > 0
}
const saysAbsent = (extensions: unknown) =>
  Array.isArray(extensions) && extensions.every((one) => one.url === dataAbsent)

const each = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])

/** All values at a path of the table: `name.family`, `value[x]`, `component:systolic.code`, `valueQuantity:valueQuantity.unit`. */
export function valuesAt(resource: Json, path: string, slices: readonly Slice[]): readonly unknown[] {
  let found: readonly unknown[] = [resource]
  let walked = ''
  for (const segment of path.split('.')) {
    const [name = '', sliceName] = segment.split(':')
    walked = walked ? `${walked}.${name}` : name
    const slice = slices.find((one) => one.slice_name === sliceName && one.path === walked)
    // of a slice the kit looks at the first match only
    found = found.flatMap((value) => {
      const all = children(value, name)
      return slice ? all.filter((one) => matches(one, slice.discriminator)).slice(0, 1) : all
    })
  }
  return found.filter(isPresent)
}

function children(value: unknown, name: string): readonly unknown[] {
  if (!isObject(value)) return []
  if (!name.endsWith('[x]')) return [...each(value[name]), ...(name.startsWith('_') ? [] : each(value[`_${name}`]))]
  const stem = name.slice(0, -3)
  return Object.keys(value)
    .filter((key) => key.startsWith(stem) && /^[A-Z]/.test(key.slice(stem.length)))
    .flatMap((key) => each(value[key]))
}

/** Slices by type are told from the key they stand under. */
function hasSlice(resource: Json, { path, discriminator }: Slice): boolean {
  if (discriminator.type === 'type') {
    const key =
      path
        .split('.')
        .at(-1)
        ?.replace('[x]', discriminator.code?.replace('DateTime', 'DateTime') ?? '') ?? ''
    const parent = path.includes('.') ? valuesAt(resource, path.slice(0, path.lastIndexOf('.')), []) : [resource]
    return parent.some((value) => isObject(value) && isPresent(value[key]))
  }
  return valuesAt(resource, path, []).some((value) => matches(value, discriminator))
}

function matches(value: unknown, { type, path, code, system, values }: Discriminator): boolean {
  const within = path ? valuesAt(value as Json, path, []) : [value]
  if (type === 'patternCodeableConcept') {
    return within.flatMap((concept) => children(concept, 'coding')).some((coding) => is(coding, system, code))
  }
  if (type === 'patternCoding') return within.some((coding) => is(coding, system, code))
  if (type === 'patternIdentifier')
    return within.some((identifier) => isObject(identifier) && identifier.system === system)
  if (type === 'requiredBinding') {
    return within
      .flatMap((concept) => children(concept, 'coding'))
      .some((coding) => values?.some((one) => is(coding, one.system, one.code)))
  }
  if (type === 'value') {
    return within.some((one) =>
      values?.every(({ path = '', value }) => valuesAt(one as Json, path, []).includes(value)),
    )
  }
  return true
}
const is = (coding: unknown, system?: string, code?: string) =>
  isObject(coding) && coding.system === system && coding.code === code

/** What the resources lack of a table; `resolve` gives the profiles a referenced resource names. */
export function missing(
  resources: readonly Json[],
  { extensions, slices, elements, choices = [] }: MustSupports,
  resolve: (reference: string) => readonly string[],
): readonly string[] {
  const has = (path: string, fixed?: string) =>
    resources.some((resource) => {
      const values = valuesAt(resource, path, slices)
      return fixed === undefined ? values.length > 0 : values.includes(fixed)
    })
  const pointsTo = (path: string, profile: string) =>
    resources.some((resource) =>
      valuesAt(resource, path, slices).some(
        (value) => isObject(value) && resolve(String(value.reference)).includes(profile),
      ),
    )
  const hasExtension = ({ path, url }: { path: string; url: string }) =>
    resources.some((resource) => valuesAt(resource, path, slices).some((value) => isObject(value) && value.url === url))
  const lacking = new Set<string>()
  for (const extension of extensions) if (!hasExtension(extension)) lacking.add(extension.id)
  for (const slice of slices)
    if (!resources.some((one) => hasSlice(one, slice))) lacking.add(`${slice.path}:${slice.slice_name}`)
  for (const { path, fixed_value: fixed, target_profiles: targets } of elements) {
    if (!has(path, fixed)) lacking.add(path)
    for (const target of targets ?? []) if (!pointsTo(path, target)) lacking.add(`${path} -> ${target}`)
  }
  for (const { paths = [], extension_ids: ids = [], target_profiles: targets = [] } of choices) {
    const options = [
      ...paths,
      ...ids,
      ...[...lacking].filter((one) => targets.some((target) => one.endsWith(`-> ${target}`))),
    ]
    const lacks = options.filter((option) => lacking.has(option))
    if (lacks.length < Math.max(paths.length + ids.length, targets.length)) for (const one of lacks) lacking.delete(one)
  }
  return [...lacking]
}
