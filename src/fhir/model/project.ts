import { insertMember, keepMembers } from './edit-text.ts'
import { itemSpans, memberSpan, memberSpans } from './json-text.ts'

const subsetted = '{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}'
const always: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta'])

/**
 * The resource with only these top-level members (and `resourceType`, `id`, `meta`), tagged SUBSETTED.
 * `elements` names them as JSON does (`valueQuantity`); the companion `_birthDate` goes with `birthDate`.
 * https://hl7.org/fhir/R4/search.html#elements
 */
export function project(text: string, elements: ReadonlySet<string>): string {
  const kept = keepMembers(text, memberSpans(text), ({ key }) => {
    const name = key.startsWith('_') ? key.slice(1) : key
    return always.has(name) || elements.has(name)
  })
  return withSubsettedTag(kept)
}

function withSubsettedTag(text: string): string {
  const meta = memberSpan(text, 'meta')
  if (!meta) return insertMember(text, `"meta":{"tag":[${subsetted}]}`, memberSpan(text, 'id'))
  const tag = memberSpan(text.slice(0, meta.valueEnd), 'tag', meta.valueStart)
  const last = tag && itemSpans(text, tag.valueStart).at(-1)
  if (last) return `${text.slice(0, last.end)},${subsetted}${text.slice(last.end)}`
  const inner = insertMember(text.slice(meta.valueStart, meta.valueEnd), `"tag":[${subsetted}]`)
  return text.slice(0, meta.valueStart) + inner + text.slice(meta.valueEnd)
}
