import { requiredCodes } from '../definitions/structures.ts'
import { type Check, quoted } from './walk.ts'

/** A code of a required value set. https://hl7.org/fhir/R4/terminologies.html#required */
export function codeCheck(primitive: Check, valueSet: string): Check {
  const codes = new Set(Object.values(requiredCodes(valueSet)).flat())
  return (value, walk) => {
    if (typeof value !== 'string' || value === '') primitive(value, walk)
    else if (!codes.has(value))
      walk.fault('code-invalid', `${quoted(value)} is not a code of ${valueSet}${listed(codes)}`)
  }
}

/** A concept that has codings has one of the required value set among them. */
export function conceptCheck(check: Check, valueSet: string): Check {
  const systems = Object.entries(requiredCodes(valueSet)).map(([system, codes]) => [system, new Set(codes)] as const)
  const codes = new Map(systems)
  return (value, walk) => {
    check(value, walk)
    const codings = (value as { coding?: unknown } | null)?.coding
    if (!Array.isArray(codings)) return
    const isThere = codings.some((coding) => codes.get(coding?.system)?.has(coding?.code))
    if (!isThere) walk.fault('code-invalid', `none of its codings is of ${valueSet}`)
  }
}

function listed(codes: ReadonlySet<string>): string {
  return codes.size <= 12 ? ` (${[...codes].join(', ')})` : ''
}
