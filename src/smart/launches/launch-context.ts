/** What an app is told of where it was launched: specs/smart.md 8. https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html */
import type { AppRecord } from '#platform'
import { OAuthProblem } from '../oauth/oauth-problem.ts'

export interface LaunchContext {
  readonly patient?: string
  readonly encounter?: string
  readonly need_patient_banner?: boolean
  readonly smart_style_url?: string
  readonly intent?: string
  readonly fhirContext?: readonly ContextItem[]
  readonly tenant?: string
}

export interface ContextItem {
  readonly reference?: string
  readonly canonical?: string
  readonly identifier?: Readonly<Record<string, unknown>>
  readonly type?: string
  readonly role?: string
}

/** The members of a token answer, in the form that the app's version of SMART has. */
export function contextMembers(
  { fhirContext, ...context }: LaunchContext,
  { smartVersion }: Pick<AppRecord, 'smartVersion'>,
): Readonly<Record<string, unknown>> {
  if (!fhirContext || smartVersion === '1.0.0') return context
  if (smartVersion !== '2.0') return { ...context, fhirContext }
  return { ...context, fhirContext: fhirContext.flatMap(({ reference }) => reference ?? []) }
}

/** A list of context items from its JSON; throws with the rule of A17 that one breaks. */
export function readFhirContext(text: string): readonly ContextItem[] {
  let items: unknown
  try {
    items = JSON.parse(text)
  } catch (cause) {
    throw new OAuthProblem('invalid_request', 'fhirContext cannot be read: it is not JSON', { cause })
  }
  if (!Array.isArray(items)) throw wrong('it is not a list')
  return items.map(readItem)
}

function readItem(value: unknown): ContextItem {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('an item is not an object')
  const { reference, canonical, identifier, type, role } = value as Record<string, unknown>
  if (reference === undefined && canonical === undefined && identifier === undefined) {
    throw wrong('an item has none of reference, canonical and identifier')
  }
  for (const [name, text] of Object.entries({ reference, canonical, type, role })) {
    if (text !== undefined && (typeof text !== 'string' || text === ''))
      throw wrong(`"${name}" of an item is not a text`)
  }
  if (identifier !== undefined && (typeof identifier !== 'object' || identifier === null)) {
    throw wrong('"identifier" of an item is not an Identifier')
  }
  const item = value as ContextItem
  if (item.role !== undefined && item.role !== 'launch' && !URL.canParse(item.role)) {
    throw wrong('"role" of an item is neither "launch" nor an absolute URI')
  }
  if (/^(?:Patient|Encounter)\//.test(item.reference ?? '') && (item.role ?? 'launch') === 'launch') {
    throw wrong('a Patient or Encounter of the launch goes into patient or encounter')
  }
  return item
}

function wrong(reason: string): OAuthProblem {
  return new OAuthProblem('invalid_request', `fhirContext cannot be used: ${reason}`)
}
