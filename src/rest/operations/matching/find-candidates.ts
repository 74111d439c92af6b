import type { See } from '#access'
import { type Candidate, candidateSearches, missingHeirs, parseSearch, patientFacts, type Query } from '#fhir'
import type { Practice } from '#http'
import type { Row, Store } from '#store'
import { withPhoneForms } from '../../interactions/phone-forms.ts'

/** A search that finds more is too wide to tell people apart: the narrower one is asked, too. */
const mostOfSearch = 100

export interface FoundCandidate extends Candidate {
  readonly row: Row
}

/**
 * Records that may be those of the patient, of those that `see` shows. One search after the other, so that a request
 * holds one connection.
 */
export async function findCandidates(
  store: Store,
  see: See,
  practice: Practice,
  patient: object,
): Promise<readonly FoundCandidate[]> {
  const found = new Map<string, FoundCandidate>()
  const isWhole = async (parameters: Query['used']) => {
    const { matches, next } = await store.search(see, queryOf(practice, parameters))
    for (const row of matches) if (!found.has(row.id)) found.set(row.id, candidate(row))
    return next === undefined
  }
  for (const ways of candidateSearches(patient)) {
    for (const parameters of ways) if (await isWhole(parameters.map(withPhoneForms))) break
  }
  const heirs = missingHeirs([...found.values()])
  if (heirs.length > 0) await isWhole([['_id', heirs.slice(0, mostOfSearch).join()]])
  return [...found.values()]
}

function candidate(row: Row): FoundCandidate {
  return { id: row.id, facts: patientFacts(JSON.parse(row.body)), row }
}

function queryOf({ timeZone }: Practice, parameters: Query['used']): Query {
  return parseSearch({
    types: ['Patient'],
    parameters,
    handling: 'strict',
    zone: timeZone,
    bases: [],
    defaultCount: mostOfSearch,
    maximumCount: mostOfSearch,
  })
}
