import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type Issue, isFailure, issuesOf } from '../outcomes.ts'

/** The issues in a file of OperationOutcomes; a line that is none is a failure that nobody can read. */
export async function* issuesIn(path: string): AsyncGenerator<Issue> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const issues = issuesOf(line)
    yield* issues.length > 0 ? issues : [unreadable]
  }
}

const unreadable: Issue = { severity: 'error', code: 'structure', text: 'a line that is no OperationOutcome' }

const mostTold = 20

/** Tells what a server left out; answers how many of it are failures. */
export async function tellIssues(paths: readonly string[], tell: (line: string) => void): Promise<number> {
  let told = 0
  let failures = 0
  for (const path of paths) {
    for await (const issue of issuesIn(path)) {
      if (isFailure(issue)) failures++
      if (told++ < mostTold) tell(`The server says (${issue.severity}): ${issue.text}`)
    }
  }
  if (told > mostTold) tell(`… and ${told - mostTold} more: ${paths.join(', ')}`)
  return failures
}
