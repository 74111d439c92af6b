import type { OperationOutcome, OutcomeIssue, Query } from '#fhir'
import type { Page } from '#store'

/** What a client should know of its search besides the result; undefined when there is nothing to say. */
export function searchNotes({ ignored }: Query, { withheld, truncated }: Page): OperationOutcome | undefined {
  const issue: OutcomeIssue[] = ignored.map(({ name, sentence }) => ({
    severity: 'warning',
    code: 'not-supported',
    details: { text: sentence },
    expression: [name],
  }))
  if (withheld.length > 0) {
    const text = `Included resources are left out, because the access token does not allow to search them: ${withheld.join(', ')}`
    issue.push({ severity: 'information', code: 'suppressed', details: { text } })
  }
  if (truncated) {
    const text = 'Some included resources are left out, because a page holds only so many: ask for fewer with _count'
    issue.push({ severity: 'warning', code: 'incomplete', details: { text } })
  }
  return issue.length === 0 ? undefined : { resourceType: 'OperationOutcome', issue }
}
