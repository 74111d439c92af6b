import { everything } from './everything.ts'
import { match } from './match.ts'
import type { Operation } from './operation.ts'
import { versions } from './versions.ts'

export const operations: readonly Operation[] = [everything, match, versions]
