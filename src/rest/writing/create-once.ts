import type { KeyObject } from 'node:crypto'
import { commit, type Prepared, type Written } from './commit.ts'
import { idForCriteria } from './new-id.ts'
import type { Writing } from './writing.ts'

interface Creation {
  readonly key: KeyObject
  /** One spelling of the criteria that matched nothing. */
  readonly criteria: string
  /** From 1: of a later one the ids were taken that the criteria lead to. */
  readonly tries: number
}

/**
 * Creates what criteria did not find. Two who do so at the same time would both have found nothing: the criteria lead both to
 * the same id, so the second one gets 'conflict' and looks again.
 */
export async function createOnce(
  writing: Writing,
  { key, criteria, tries }: Creation,
  prepare: (id: string) => Prepared,
): Promise<Written> {
  const id = idForCriteria(key, writing.practice.number, { criteria, tries })
  const [written] = await commit(writing, [prepare(id)])
  return written
}
