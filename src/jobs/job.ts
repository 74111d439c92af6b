import type { Runner, Transaction } from '#db'
import type { ProblemKind } from '#lib'

/** A kind of work in the background. It may run several times, in several processes: see worker.ts. */
export interface Job<Payload = unknown> {
  /** As it stands in the queue. */
  readonly name: string
  /** Reads what was stored, maybe by another version of charthouse; throws when it cannot be used. */
  readonly payload: (stored: unknown) => Payload
  /** It waits for others (a store of files, say) rather than works: its slot goes on to the next job meanwhile. */
  readonly isWaiting?: boolean
  run(work: Work<Payload>): Promise<void>
  /** What becomes of its effects when it is given up, within the transaction that says so. */
  failed?(
    given: Pick<Work<Payload>, 'practice' | 'id' | 'payload'>,
    why: Failure,
    transaction: Transaction,
  ): Promise<void>
}

/** Why a job was given up. */
export interface Failure {
  readonly kind: ProblemKind
  readonly sentence: string
}

/** What a run is given. */
export interface Work<Payload = unknown> {
  readonly practice: number
  readonly id: string
  readonly payload: Payload
  /** What was saved last, by an earlier attempt too; an empty object at first. */
  readonly progress: Readonly<Record<string, unknown>>
  /** Aborted when the run should end soon: cancelled, its lease lost, or the worker stops. What was saved is kept. */
  readonly signal: AbortSignal
  /**
   * Keeps what a later attempt goes on from. With the transaction of a chunk's effects, those and the progress are kept
   * together or not at all; it throws when this worker may no longer do the job, which takes the effects back.
   */
  save(progress: Readonly<Record<string, unknown>>, runner?: Runner): Promise<void>
}

/** Thrown by a run that should go on later; it counts as no failure. */
export class Postponed extends Error {
  readonly seconds: number

  constructor(sentence: string, seconds: number) {
    super(sentence)
    this.name = 'Postponed'
    this.seconds = seconds
  }
}
