import { groupLines } from './groups.ts'
import { sharedLines } from './shared/index.ts'
import type { UsCore } from './us-core.ts'
import { lifeLines } from './write-life.ts'

export interface SandboxOptions {
  readonly patients: number
  readonly seed: number
  readonly usCore: UsCore
  /** The day the records end; a fixed one keeps the bytes the same. */
  readonly referenceDate?: string
}

export const defaultReferenceDate = '2026-11-01'

/** A practice's records as NDJSON lines without line feeds, dependencies first. */
export function* generate({
  patients,
  seed,
  usCore,
  referenceDate = defaultReferenceDate,
}: SandboxOptions): Generator<string> {
  yield* sharedLines(usCore)
  for (let number = 1; number <= patients; number++) {
    yield* lifeLines({ number, seed, version: usCore, referenceDate })
  }
  yield* groupLines(usCore, patients)
}
