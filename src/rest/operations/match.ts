import { refusal, seeAs } from '#access'
import { patientFacts, rank, refusePoor } from '#fhir'
import { Problem } from '#lib'
import { onlyOffered } from '../resource-type.ts'
import { findCandidates } from './matching/find-candidates.ts'
import { type Matched, matchBundle } from './matching/match-bundle.ts'
import { operation } from './operation.ts'

const [defaultCount, mostCount] = [20, 100]

/** https://hl7.org/fhir/R4/patient-operation-match.html; docs/matching.md tells how records are weighed. */
export const match = operation({
  code: 'match',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-match',
  documentation:
    'Finds the record of a patient by what is known of them, best match first, each with a score from 0 to 1 and a grade: ' +
    'certain, probable or possible; what is certainly not the patient is left out. Slips of the pen, swapped names, ' +
    'nicknames, maiden names, wrong digits, old addresses and records that were replaced by others are seen through. ' +
    'Only records that the access token shows in a search of Patient are found.',
  on: ['type'],
  resources: ['Patient'],
  affectsState: false,
  parameters: {
    resource: {
      type: 'Patient',
      min: 1,
      max: 1,
      documentation:
        'A Patient with an identifier, or with a name and a birth date, phone number, e-mail address or street',
    },
    onlyCertainMatches: {
      type: 'boolean',
      min: 0,
      max: 1,
      documentation: 'Answer a record only when its match is certain and it alone is: where two are certain, none',
    },
    count: {
      type: 'integer',
      min: 0,
      max: 1,
      documentation: `How many records at most: ${defaultCount} unless given, ${mostCount} at most`,
    },
  },
  out: {
    return: {
      type: 'Bundle',
      min: 1,
      max: 1,
      documentation: 'A searchset; search.score and match-grade at each entry',
    },
  },
  examples: ['POST Patient/$match', 'POST Patient/$match?onlyCertainMatches=true&count=5'],
  async run({ storeOf, rulesOf }, call, { resource, onlyCertainMatches = false, count }) {
    const { practice, base } = call
    const who = await call.principal
    const rules = await rulesOf(practice, who)
    const see = onlyOffered(practice, seeAs(who, 'search', rules))
    if (!see('Patient')) throw refusal(who, 'search', 'Patient', rules)
    const most = countOf(count)
    const asked = patientFacts(resource.value)
    refusePoor(asked)
    const candidates = new Map(
      (await findCandidates(storeOf(practice), see, practice, resource.value)).map((found) => [found.id, found]),
    )
    const ranked = rank(asked, [...candidates.values()]).flatMap((match): readonly Matched[] => {
      const row = candidates.get(match.id)?.row
      return row ? [{ ...match, row }] : []
    })
    if (!onlyCertainMatches) return { body: matchBundle(base, ranked.slice(0, most), undefined) }
    const certain = ranked.filter(({ grade }) => grade === 'certain')
    const isAlone = certain.length < 2
    return { body: matchBundle(base, isAlone ? certain : [], isAlone ? undefined : severalCertain(certain.length)) }
  },
})

function severalCertain(count: number): string {
  return `${count} records match with certainty, so none is answered: ask without onlyCertainMatches to see them`
}

function countOf(asked: number = defaultCount): number {
  if (asked >= 1) return Math.min(asked, mostCount)
  const sentence = `Cannot take the parameter "count": at least one record is asked for, not ${asked}`
  throw new Problem('incorrect', sentence, { expression: 'count' })
}
