import { Problem } from '#lib'
import type { Call, JsonFormat } from '../call.ts'

const standard: JsonFormat = 'application/fhir+json'

/** What a client may call our formats, in Accept and in `_format`. https://hl7.org/fhir/R4/http.html#mime-type */
const formats: Readonly<Record<string, JsonFormat>> = {
  json: standard,
  'application/fhir+json': standard,
  'application/json+fhir': standard,
  'application/json': 'application/json',
  'text/json': 'application/json',
  'application/*': standard,
  '*/*': standard,
}

const known = new Map<string, JsonFormat | undefined>()

/** The format of the answer to a call, or Problem 'not-acceptable'. */
export function formatOf({ headers, parameters }: Pick<Call, 'headers' | 'parameters'>): JsonFormat {
  return negotiate(headers.accept, parameters.find(([name]) => name === '_format')?.[1])
}

/** The format of the answer, or Problem 'not-acceptable'. `_format` comes before Accept. */
export function negotiate(accept: string | undefined, underscoreFormat: string | undefined): JsonFormat {
  // A "+" that was not encoded has become a blank on its way.
  const asked = underscoreFormat?.trim().replace(/^([a-z]+\/[a-z]+) /i, '$1+') || accept
  if (asked === undefined || asked === '' || asked === standard) return standard
  const format = known.has(asked) ? known.get(asked) : best(asked)
  if (known.size < 1000) known.set(asked, format)
  if (format) return format
  throw new Problem(
    'not-acceptable',
    `The answer cannot be given as "${asked.slice(0, 200)}": FHIR 4.0.1 as application/fhir+json or application/json is offered`,
  )
}

function best(accept: string): JsonFormat | undefined {
  const offered = rangesOf(accept).filter(({ name, settings }) => Object.hasOwn(formats, name) && speaksR4(settings))
  const [first] = offered.toSorted((a, b) => b.quality - a.quality)
  return first && formats[first.name]
}

/** Formats of FHIR that are not offered; who names one does not want the bytes of a file. */
const otherFormats = ['xml', 'application/fhir+xml', 'application/xml+fhir', 'application/fhir+turtle']

/**
 * Whether a Binary is wanted as the file that it holds: unless a format of FHIR is asked for by name.
 * https://hl7.org/fhir/R4/binary.html#rest
 */
export function wantsContent({ headers, parameters }: Pick<Call, 'headers' | 'parameters'>): boolean {
  if (parameters.some(([name]) => name === '_format')) return false
  const [first] = rangesOf(headers.accept ?? '').toSorted((a, b) => b.quality - a.quality)
  if (!first || first.name.endsWith('/*')) return true
  return !Object.hasOwn(formats, first.name) && !otherFormats.includes(first.name)
}

interface Range {
  readonly name: string
  readonly settings: readonly string[]
  readonly quality: number
}

/** https://www.rfc-editor.org/rfc/rfc9110#name-accept */
function rangesOf(accept: string): readonly Range[] {
  const ranges = accept
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [name = '', ...settings] = range.split(';').map((part) => part.trim())
      return { name, settings, quality: Number(settingOf('q', settings) ?? 1) }
    })
  return ranges.filter(({ name, quality }) => name !== '' && quality > 0)
}

/** https://hl7.org/fhir/R4/versioning.html#mt-version */
function speaksR4(settings: readonly string[]): boolean {
  return ['4.0', '4.0.1', undefined].includes(settingOf('fhirversion', settings))
}

function settingOf(name: string, settings: readonly string[]): string | undefined {
  return settings.find((setting) => setting.startsWith(`${name}=`))?.slice(name.length + 1)
}
