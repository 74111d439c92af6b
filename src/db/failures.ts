import { Problem } from '#lib'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const kinds: Readonly<Record<string, { kind: 'unavailable' | 'busy'; sentence: string; issue?: string }>> = {
  '57014': {
    kind: 'unavailable',
    sentence: 'The request took longer than its time limit: narrow it, by a patient or a date for instance',
    issue: 'too-costly',
  },
  '53100': { kind: 'unavailable', sentence: 'The database has no disk space left: free some, then try again' },
  '53200': { kind: 'unavailable', sentence: 'The database is out of memory: try again later' },
  '53300': { kind: 'busy', sentence: 'The database has too many connections: try again later' },
  '55P03': { kind: 'unavailable', sentence: 'A large write is under way: try again in a few seconds' },
  '57P01': { kind: 'unavailable', sentence: 'The database is shutting down: try again later' },
  '57P03': { kind: 'unavailable', sentence: 'The database is starting: try again later' },
  '40001': { kind: 'busy', sentence: 'Another write came between: try again' },
  '40P01': { kind: 'busy', sentence: 'Another write came between: try again' },
}

/** What a failure of the driver means; anything unknown is passed on as it is. */
export function translate(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Problem) return error
  const { code } = error as Error & { code?: string }
  const known = code === undefined ? undefined : kinds[code]
  if (known)
    return new Problem(known.kind, known.sentence, { cause: error, ...(known.issue && { issue: known.issue }) })
  if (isConnectionFailure(error, code)) {
    return new Problem('unavailable', 'The database cannot be reached: try again later', { cause: error })
  }
  return error
}

function isConnectionFailure(error: Error, code: string | undefined): boolean {
  if (code !== undefined)
    return ['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'ETIMEDOUT'].includes(code)
  return /^Connection terminated|timeout exceeded when trying to connect|is not queryable$/.test(error.message)
}
