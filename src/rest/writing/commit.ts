import type { OutcomeIssue } from '#fhir'
import type { Change, WriteOperation, WriteResult } from '#store'
import { danglingNotes } from './dangling-notes.ts'
import { provenanceOf } from './provenance.ts'
import type { Writing } from './writing.ts'

/** A write that may go to the store. */
export interface Prepared {
  readonly change: Change
  /** What else the client should know. */
  readonly notes?: readonly OutcomeIssue[]
  /** It holds what the client did not send and may not read: a patch of what is stored. */
  readonly isUntold?: boolean
}

/** A write that is done. */
export interface Written {
  readonly type: string
  readonly id: string
  readonly result: WriteResult
  readonly notes: readonly OutcomeIssue[]
}

/** Told of a deletion that found nothing. */
export function absent(type: string, id: string): Written {
  return { type, id, result: { outcome: 'absent', version: 0, updated: 0 }, notes: [] }
}

/** Does these writes, all or none, and what the practice wants done with each: a Provenance, a report. */
export async function commit<const All extends readonly Prepared[]>(
  writing: Writing,
  prepared: All,
): Promise<{ [Index in keyof All]: Written }> {
  const changes = prepared.map(({ change }) => change)
  const provenances = writing.rules.provenance
    ? changes.map((change, index) => provenanceFor(writing, change, index))
    : []
  const results = await writing.store.change(writing.see, [...changes, ...provenances])
  const written = await Promise.all(
    prepared.map(async ({ change: { operation }, notes = [], isUntold = false }, index): Promise<Written> => {
      const { type, id } = operation
      const more = isUntold ? [] : await warnings(writing, operation)
      return { type, id, result: results[index] as WriteResult, notes: [...notes, ...more] }
    }),
  )
  for (const each of written) if (each.result.outcome === 'deleted') reportDeletion(writing, each)
  return written as { [Index in keyof All]: Written }
}

/** Looked up only for a client that would read them. */
async function warnings(writing: Writing, operation: WriteOperation): Promise<readonly OutcomeIssue[]> {
  const isTold = writing.rules.references === 'warn' && writing.preference === 'OperationOutcome'
  return isTold && operation.kind === 'put' ? danglingNotes(writing, operation.resource) : []
}

function provenanceFor(writing: Writing, { operation: { kind, type, id }, isNew }: Change, index: number): Change {
  const activity = kind === 'delete' ? 'DELETE' : isNew ? 'CREATE' : 'UPDATE'
  return { ...provenanceOf(writing, `${type}/${id}`, activity), accompanies: index }
}

function reportDeletion({ report, practice, who }: Writing, { type, id }: Written) {
  const { requestId: request, client, user } = who
  report({ event: 'delete', request, practice: practice.id, client, user, type, id })
}
