/** From a resource to its index rows, by the plan of its type. */
import { patientOf, type SearchType } from '#fhir'
import { hash, hashKey, latest } from '../hash.ts'
import { attachmentSource, attachmentsOf, securityContextSource } from './attachments.ts'
import { systemCode } from './forms.ts'
import { type PlannedComposite, type PlannedSource, planOf } from './plan.ts'
import { indexReference, targetType } from './reference.ts'
import { IndexRows, type IndexScope } from './rows.ts'
import { indexToken } from './token.ts'
import { indexDate, indexNumber, indexString, indexUri, timeOf } from './values.ts'

export function indexResource(scope: IndexScope, type: string, resource: object): IndexRows {
  const rows = new IndexRows(scope)
  const { sources, composites, places, confined } = planOf(type)
  rows.present = new Uint8Array(Math.ceil(places.size / 8))
  sources.forEach((planned, place) => {
    const targets = confined.get(planned.source)
    planned.source.each(resource, (value, valueType) => {
      setPresent(rows, place)
      for (const each of targets ?? []) if (targetType(value, scope) === each.onlyTarget) setPresent(rows, each.place)
      indexValue(rows, planned, value, valueType)
    })
  })
  for (const composite of composites) indexComposite(rows, composite, resource)
  indexAttachments(rows, type, resource)
  rows.patient = ownerKey(scope, resource)
  return rows
}

function setPresent({ present }: IndexRows, place: number) {
  present[place >> 3] = (present[place >> 3] ?? 0) | (0x80 >> (place & 7))
}

function indexValue(
  rows: IndexRows,
  { source, kinds, isOrdered, isMainDate }: PlannedSource,
  value: unknown,
  type: string,
) {
  for (const kind of kinds) {
    if (kind === 'date' && isMainDate) {
      const time = timeOf(value, type, rows.scope.zone)
      if (time) rows.mainDate(time.low, time.high)
    } else if (kind === 'token') indexToken(rows, source.key, value, type, isOrdered)
    else if (kind === 'reference') indexReference(rows, { key: source.key, isOrdered }, value, type)
    else indexKind(rows, kind, source.key, value, type)
  }
}

function indexKind(rows: IndexRows, kind: SearchType, source: number, value: unknown, type: string) {
  switch (kind) {
    case 'string':
      return indexString(rows, source, value, type)
    case 'uri':
      return indexUri(rows, source, value)
    case 'number':
    case 'quantity':
      return indexNumber(rows, source, value, type, undefined)
    case 'date':
      return indexDate(rows, source, value, type, undefined)
    default:
      return undefined
  }
}

/**
 * Two parts of one element: a pair of tokens becomes a token (form k), a token with a quantity or date becomes a row of
 * that kind whose `part` is the token's hash. The first part is a token in every composite of R4 that has a context.
 */
function indexComposite(rows: IndexRows, composite: PlannedComposite, resource: object) {
  const { context, parts, areElementsOnly } = composite
  const [first, second, ...others] = parts
  if (!first || !second || first.type !== 'token') return
  let elements = 0
  context.each(resource, (element) => {
    if (areElementsOnly && element === resource) return
    const codes: string[] = []
    const place = Math.min(elements++, mostElements - 1)
    first.source.each(element as object, (value, type) => codes.push(...tokenForms(value, type)))
    if (codes.length === 0) return
    if (others.length > 0) return indexNumbers(rows, composite, { element: element as object, codes, place })
    second.source.each(element as object, (value, type) => {
      for (const code of codes) indexPair(rows, context.key, code, second.source.key, second.type, value, type)
    })
  })
}

/** Elements of a resource that three parts can be told apart in. */
export const mostElements = 200

interface Element {
  readonly element: object
  readonly codes: readonly string[]
  readonly place: number
}

/** A code and two numbers (a window of a sequence): the numbers of one element share the code with the element's place. */
function indexNumbers(rows: IndexRows, { context, parts }: PlannedComposite, { element, codes, place }: Element) {
  for (const code of codes) {
    hash(rows.scope.practice, context.key, 'k', `${code}#${place}`)
    const part = [latest.high, latest.low] as const
    for (const { source } of parts.slice(1)) {
      source.each(element, (value, type) => indexNumber(rows, source.key, value, type, part))
    }
  }
}

function indexPair(
  rows: IndexRows,
  context: number,
  code: string,
  source: number,
  kind: SearchType,
  value: unknown,
  type: string,
) {
  if (kind === 'token' || kind === 'uri') {
    for (const other of tokenForms(value, type)) rows.token(context ^ source, 'k', `${code} ${other}`)
    return
  }
  if (kind === 'reference') {
    const { reference = '' } = value as { reference?: string }
    const target = rows.parsed(reference)
    if (target.kind === 'relative') rows.token(context ^ source, 'k', `${code} ${target.type}/${target.id}`)
    return
  }
  hash(rows.scope.practice, context, 'k', code)
  const part = [latest.high, latest.low] as const
  if (kind === 'date') indexDate(rows, source, value, type, part)
  else if (kind === 'quantity' || kind === 'number') indexNumber(rows, source, value, type, part)
  else if (kind === 'string' && typeof value === 'string')
    rows.token(context ^ source, 'k', `${code} ${value.toLowerCase()}`)
}

/** A token as it is asked for: `code` and `system|code`. */
export function tokenForms(value: unknown, type: string): string[] {
  const codings = type === 'CodeableConcept' ? ((value as { coding?: readonly object[] }).coding ?? []) : [value]
  return codings.flatMap((coding) => {
    if (typeof coding !== 'object' || coding === null) return [`|${String(coding)}`]
    const { system, code, value: identifier } = coding as { system?: string; code?: string; value?: string }
    const text = code ?? identifier
    return text === undefined ? [] : [`|${text}`, `=${systemCode(system, text)}`]
  })
}

function indexAttachments(rows: IndexRows, type: string, resource: object) {
  for (const url of attachmentsOf(type, resource)) {
    const parsed = rows.parsed(url)
    if (parsed.kind === 'relative' && parsed.type === 'Binary') rows.reference(attachmentSource, 'Binary', parsed.id)
  }
  if (type !== 'Binary') return
  const { securityContext } = resource as { securityContext?: { reference?: string } }
  if (securityContext)
    indexReference(rows, { key: securityContextSource, isOrdered: false }, securityContext, 'Reference')
}

function ownerKey({ practice, bases }: IndexScope, resource: object): readonly [high: number, low: number] | undefined {
  const owner = patientOf(resource, bases)
  if (owner === undefined) return undefined
  hashKey(practice, 'Patient', owner.slice('Patient/'.length))
  return [latest.high, latest.low]
}
