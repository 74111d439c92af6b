import { outcome, type Ranked } from '#fhir'
import type { Row } from '#store'

export interface Matched extends Ranked {
  readonly row: Row
}

const gradeUrl = 'http://hl7.org/fhir/StructureDefinition/match-grade'

/** Stored texts go out to the letter, as in a search. https://hl7.org/fhir/R4/patient-operation-match.html#examples */
export function matchBundle(base: string, matched: readonly Matched[], note: string | undefined): string {
  const entries = matched.map(({ row, grade, score }) => {
    const search = { extension: [{ url: gradeUrl, valueCode: grade }], mode: 'match', score }
    const url = JSON.stringify(`${base}/Patient/${row.id}`)
    return `{"fullUrl":${url},"resource":${row.body},"search":${JSON.stringify(search)}}`
  })
  if (note !== undefined) {
    const resource = outcome('information', 'informational', note)
    entries.push(JSON.stringify({ resource, search: { mode: 'outcome' } }))
  }
  const list = entries.length > 0 ? `,"entry":[${entries}]` : ''
  return `{"resourceType":"Bundle","type":"searchset","total":${matched.length}${list}}`
}
