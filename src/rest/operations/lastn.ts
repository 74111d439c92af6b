import type { Parameters } from '#http'
import { Problem } from '#lib'
import { shapeOf } from '../interactions/elements.ts'
import { refuseCostly } from '../interactions/search-limits.ts'
import { searchNotes } from '../interactions/search-notes.ts'
import { maySearch, searching, toldAsRefusal } from '../interactions/searching.ts'
import { understand } from '../interactions/understand.ts'
import { pagingLinks } from '../pages/paging-links.ts'
import { searchset } from '../pages/searchset.ts'
import { operation } from './operation.ts'

/** What shapes an answer in pages, which this is not. */
const notTaken = ['_sort', '_count', '_total', '_summary', '_include', '_revinclude', '_page']

/** https://hl7.org/fhir/R4/observation-operation-lastn.html */
export const lastn = operation({
  code: 'lastn',
  definition: 'http://hl7.org/fhir/OperationDefinition/Observation-lastn',
  documentation:
    'The newest Observations of a patient, so many of each code, newest first. Codes are the same when system and code are, ' +
    'also by way of translations; a code that is text only is its text. Observations of the same time as the last of their ' +
    'code come along. Takes the search parameters of Observation, patient or subject among them, which say what is looked through.',
  on: ['type'],
  resources: ['Observation'],
  affectsState: false,
  isSearch: true,
  parameters: { max: { type: 'integer', min: 0, max: 1, documentation: 'How many of each code: 1 unless given' } },
  out: { return: { type: 'Bundle', min: 1, max: 1, documentation: 'A searchset of one page' } },
  examples: ['GET Observation/$lastn?patient=example&category=vital-signs&max=3'],
  async run(options, call, { max = 1 }) {
    if (max < 1) throw refusal('max', `at least one is asked for, not ${max}`)
    const asked = call.asked.filter(([name]) => name !== 'max')
    refuseCostly(asked)
    checkAsked(asked)
    const searcher = await searching(options, call)
    maySearch(searcher, 'Observation')
    const query = understand(call, { types: ['Observation'] }, asked)
    const matches = await options
      .storeOf(call.practice)
      .lastOfEach(searcher.see, query, { element: 'code', most: max })
      .catch(toldAsRefusal(searcher))
    const used = [...query.used, ...call.asked.filter(([name]) => name === 'max')]
    const links = pagingLinks(options.pagingKey, call, { path: 'Observation/$lastn', used, token: undefined }, {})
    const outcome = searchNotes(query, { matches, included: [], withheld: [], truncated: false })
    const shape = shapeOf(query.summary, query.elements)
    const total = matches.length
    return { body: searchset({ base: call.base, links, total, matches, included: [], outcome, shape }) }
  },
})

function checkAsked(asked: Parameters) {
  const unasked = asked.map(([name]) => name.split(':')[0] ?? '').find((name) => notTaken.includes(name))
  if (unasked !== undefined) throw refusal(unasked, '$lastn answers one page, newest first')
  // the codes of several patients would be taken together
  if (asked.some(([name, value]) => /^(patient|subject)(:Patient)?$/.test(name) && !value.includes(','))) return
  throw new Problem(
    'incorrect',
    'The parameter "patient" is missing: $lastn is of one patient, by patient or subject',
    {
      expression: 'patient',
      issue: 'required',
    },
  )
}

function refusal(name: string, why: string): Problem {
  return new Problem('incorrect', `Cannot take the parameter "${name}": ${why}`, { expression: name })
}
