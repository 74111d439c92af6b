/**
 * Tokens. Forms of a hash: c code; s system|code; y system; t text of the concept; o of-type; i, j identifier of a
 * reference with and without its system; d digits of a phone number.
 * https://hl7.org/fhir/R4/search.html#token
 */
import { searchText, systemCode } from './forms.ts'
import type { IndexRows } from './rows.ts'

interface Coding {
  readonly system?: string
  readonly code?: string
  readonly display?: string
}

interface Identifier {
  readonly system?: string
  readonly value?: string
  readonly type?: { readonly coding?: readonly Coding[]; readonly text?: string }
}

export function indexToken(rows: IndexRows, source: number, value: unknown, type: string, isOrdered: boolean): void {
  switch (type) {
    case 'CodeableConcept':
      indexConcept(rows, source, value as { coding?: readonly Coding[]; text?: string }, isOrdered)
      break
    case 'Coding':
      indexCoding(rows, source, value as Coding, isOrdered)
      break
    case 'Identifier':
      indexIdentifier(rows, source, value as Identifier)
      break
    case 'ContactPoint':
      indexContactPoint(rows, source, value as { value?: string })
      break
    default:
      if (typeof value !== 'object') {
        rows.token(source, 'c', String(value))
        if (isOrdered) rows.order(source, String(value))
      }
  }
}

function indexConcept(
  rows: IndexRows,
  source: number,
  concept: { coding?: readonly Coding[]; text?: string },
  isOrdered: boolean,
) {
  for (const coding of concept.coding ?? []) indexCoding(rows, source, coding, isOrdered)
  if (concept.text) rows.text(source, 't', searchText(concept.text))
}

function indexCoding(rows: IndexRows, source: number, { system, code, display }: Coding, isOrdered: boolean) {
  if (code !== undefined) {
    rows.token(source, 'c', code)
    rows.token(source, 's', systemCode(system, code))
    if (isOrdered) rows.order(source, code)
  }
  if (system !== undefined) rows.token(source, 'y', system)
  if (display) rows.text(source, 't', searchText(display))
}

function indexIdentifier(rows: IndexRows, source: number, { system, value, type }: Identifier) {
  if (system !== undefined) rows.token(source, 'y', system)
  if (value === undefined) return
  rows.token(source, 'c', value)
  rows.token(source, 's', systemCode(system, value))
  for (const coding of type?.coding ?? []) {
    if (coding.code !== undefined) rows.token(source, 'o', `${systemCode(coding.system, coding.code)}|${value}`)
  }
  if (type?.text) rows.text(source, 't', searchText(type.text))
}

function indexContactPoint(rows: IndexRows, source: number, { value }: { value?: string }) {
  if (value === undefined) return
  rows.token(source, 'c', value)
  const digits = value.replace(/\D/g, '')
  if (digits.length >= 7) rows.token(source, 'd', digits.slice(-10))
}
