import { Problem } from '#lib'
import type { JsonFormat } from './call.ts'

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

/** https://www.rfc-editor.org/rfc/rfc9110#name-accept */
function best(accept: string): JsonFormat | undefined {
  let bestQuality = 0
  let bestFormat: JsonFormat | undefined
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...settings] = range.split(';').map((part) => part.trim())
    const format = Object.hasOwn(formats, name) ? formats[name] : undefined
    const quality = Number(settingOf('q', settings) ?? 1)
    if (!format || !(quality > bestQuality) || !speaksR4(settings)) continue
    bestQuality = quality
    bestFormat = format
  }
  return bestFormat
}

/** https://hl7.org/fhir/R4/versioning.html#mt-version */
function speaksR4(settings: readonly string[]): boolean {
  return ['4.0', '4.0.1', undefined].includes(settingOf('fhirversion', settings))
}

function settingOf(name: string, settings: readonly string[]): string | undefined {
  return settings.find((setting) => setting.startsWith(`${name}=`))?.slice(name.length + 1)
}
