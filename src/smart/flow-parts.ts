import type { SmartParts } from './parts.ts'
import type { Sessions } from './sessions/session.ts'

/** What the flows with a person stand on besides. */
export interface FlowParts extends SmartParts {
  readonly sessions: Sessions
}
