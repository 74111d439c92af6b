import type { Call } from '#http'
import { Problem } from '#lib'
import type { ExportSettings } from '../face.ts'

export interface Preferences {
  readonly isAsynchronous: boolean
  readonly isSeparate: boolean
  readonly isLenient: boolean
  /** What is told to have been heeded. */
  readonly applied: readonly string[]
}

/** `Prefer`, and what the practice demands of it and of `Accept`. https://www.rfc-editor.org/rfc/rfc7240 */
export function preferencesOf(
  { headers }: Pick<Call, 'headers'>,
  { headers: demanded }: Pick<ExportSettings, 'headers'>,
) {
  const given = String(headers.prefer ?? '')
    .toLowerCase()
    .split(/[,;]/)
    .map((part) => {
      const [name = '', ...value] = part.replaceAll('"', '').split('=')
      return [name, ...value].map((text) => text.trim()).join('=')
    })
  const isPreferred = (preference: string) => given.includes(preference)
  if (demanded === 'strict') checkStrictly(headers.accept, isPreferred('respond-async'))
  const preferences = ['respond-async', 'separate-export-status', 'handling=lenient'] as const
  const [isAsynchronous = false, isSeparate = false, isLenient = false] = preferences.map(isPreferred)
  const applied = preferences.filter(isPreferred)
  return { isAsynchronous, isSeparate, isLenient, applied } satisfies Preferences
}

function checkStrictly(accept: string | undefined, isAsynchronous: boolean) {
  if (!/(^|,)\s*application\/fhir\+json\b/i.test(accept ?? '')) {
    throw new Problem('not-acceptable', 'Cannot export: this practice wants the header "Accept: application/fhir+json"')
  }
  if (isAsynchronous) return
  throw new Problem('incorrect', 'Cannot export: this practice wants the header "Prefer: respond-async"', {
    expression: 'Prefer',
  })
}
