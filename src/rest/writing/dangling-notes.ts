import { type OutcomeIssue, parseReference } from '#fhir'
import { basesOf } from '../interactions/understand.ts'
import type { Writing } from './writing.ts'

/** So many references are looked up at most. */
const mostReferences = 100

/**
 * `references: warn`: a note for each reference of a resource that leads to nothing here; what the caller may not read is as
 * if it were not there (S-2).
 */
export async function danglingNotes({ practice, store, see }: Writing, resource: object): Promise<OutcomeIssue[]> {
  const references = [...referencesIn(resource)].slice(0, mostReferences)
  const notes = references.map(async (text): Promise<OutcomeIssue[]> => {
    const reference = parseReference(text, basesOf(practice))
    if (reference.kind !== 'relative') return []
    const found = await store.read(see, reference.type, reference.id)
    if (found.state === 'current') return []
    const sentence = `The reference ${reference.type}/${reference.id} leads to nothing that is stored here and can be read`
    return [{ severity: 'warning', code: 'not-found', details: { text: sentence } }]
  })
  return (await Promise.all(notes)).flat()
}

function referencesIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found
  const { reference } = value as { reference?: unknown }
  if (typeof reference === 'string') found.add(reference)
  for (const member of Object.values(value)) referencesIn(member, found)
  return found
}
