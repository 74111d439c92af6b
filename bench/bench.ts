import type { Kept } from './data/prepared.ts'
import type { Options } from './options.ts'

/** What rows measure with. */
export interface Bench extends Kept {
  readonly options: Options
  /** Says what takes time. */
  say(sentence: string): void
}
