import type { ProblemKind } from '#lib'

/** What each kind of problem is on a page: its status, and whether it is ours to mend. */
// biome-ignore format: the columns are the point
export const pageReplies = {
  incorrect:           { status: 400, isOurs: false },
  invalid:             { status: 422, isOurs: false },
  unauthenticated:     { status: 401, isOurs: false },
  forbidden:           { status: 403, isOurs: false },
  'not-found':         { status: 404, isOurs: false },
  gone:                { status: 410, isOurs: false },
  conflict:            { status: 409, isOurs: false },
  stale:               { status: 412, isOurs: false },
  unsupported:         { status: 501, isOurs: false },
  'not-allowed':       { status: 405, isOurs: false },
  'not-acceptable':    { status: 406, isOurs: false },
  'unsupported-media': { status: 415, isOurs: false },
  'too-large':         { status: 413, isOurs: false },
  'too-costly':        { status: 400, isOurs: false },
  busy:                { status: 429, isOurs: true },
  unavailable:         { status: 503, isOurs: true },
  fault:               { status: 500, isOurs: true },
} as const satisfies Record<ProblemKind, { readonly status: number; readonly isOurs: boolean }>
