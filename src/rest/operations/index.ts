import type { Operation } from './operation.ts'
import { versions } from './versions.ts'

export const operations: readonly Operation[] = [versions]
