import type { Runner } from '#db'
import type { IndexScope } from '../index/rows.ts'
import type { See } from '../see.ts'
import type { Cursor, Row } from '../store.ts'
import { everything } from './everything.ts'

const rowsAtOnce = 2000

/** All of a patient's record, page by page, as `runner` sees it: that of `stateAt` sees one state. */
export async function* recordAt(
  runner: Runner,
  scope: IndexScope,
  see: See,
  patient: string,
): AsyncGenerator<readonly Row[]> {
  let from: Cursor | undefined
  do {
    const page = await everything(runner, scope, see, { patient, count: rowsAtOnce }, from)
    yield [...page.matches, ...page.included]
    from = page.next
  } while (from)
}
