import { parseSearch, type Query, type SearchRequest, terminology } from '#fhir'
import { type Call, type Parameters, type Practice, standardPath } from '#http'
import { Problem } from '#lib'
import { withPhoneForms } from './phone-forms.ts'
import { refuseWeakSearch } from './weak-patient-search.ts'

/** security.md part 5 */
const defaultCount = 50
const maximumCount = 1000

/** How many entries a page has unless it is said, and at most. */
export function countsOf(practice: Practice) {
  return {
    defaultCount: practice.defaultCount ?? defaultCount,
    maximumCount: practice.maximumCount ?? maximumCount,
  }
}

/** Reads a search as the practice, its dialect and the client's `Prefer` want it read. */
export function understand(
  { practice, headers }: Pick<Call, 'practice' | 'headers'>,
  place: Pick<SearchRequest, 'types' | 'compartment'>,
  asked: Parameters,
): Query {
  const { dialect } = practice
  if (practice.refuseWeakPatientSearch && !place.compartment && place.types.includes('Patient')) refuseWeakSearch(asked)
  const query = parseSearch({
    types: place.types,
    ...(place.compartment && { compartment: place.compartment }),
    parameters: dialect.phoneMatch === 'digits' ? asked.map(withPhoneForms) : asked,
    // Read leniently in any case, so that a refusal names all that is unknown.
    handling: 'lenient',
    zone: practice.timeZone,
    bases: basesOf(practice),
    terminology: terminology(),
    ...countsOf(practice),
  })
  if (query.ignored.length > 0 && !isLenient(practice, headers.prefer)) refuseUnknown(query)
  return query
}

/** https://hl7.org/fhir/R4/search.html#errors */
function isLenient({ dialect, handling }: Practice, prefer: string | readonly string[] | undefined): boolean {
  if (dialect.unknownSearchParameter === 'refuse') return false
  const [, preferred] = /\bhandling\s*=\s*"?(strict|lenient)\b/i.exec(String(prefer ?? '')) ?? []
  return (preferred?.toLowerCase() ?? handling) === 'lenient'
}

function refuseUnknown({ ignored }: Query): never {
  const [first, ...others] = ignored
  const more = others.length > 0 ? `; nor is there ${others.map(({ name }) => `"${name}"`).join(', ')}` : ''
  const expression = ignored.map(({ name }) => name)
  throw new Problem('incorrect', `${first?.sentence}${more}`, { issue: 'not-supported', expression })
}

const known = new WeakMap<Practice, readonly string[]>()

/** Absolute references under any of them are references to this practice. */
export function basesOf(practice: Practice): readonly string[] {
  const held = known.get(practice)
  if (held) return held
  const bases = [...new Set([standardPath, ...practice.dialect.fhirPaths])].map((path) => practice.root + path)
  known.set(practice, bases)
  return bases
}
