import { type Database, sql, type Transaction } from '#db'
import { choosePractice, refreshWork } from './practice-work.ts'

/** A job that this worker holds: `lease` is what it shows to change anything about it. */
export interface Claimed {
  readonly practice: number
  readonly id: string
  readonly lease: number
  readonly kind: string
  readonly payload: unknown
  readonly progress: Readonly<Record<string, unknown>>
  /** Attempts since progress was last saved, this one counted. */
  readonly attempts: number
}

/** The next job of one of these kinds, leased; undefined when no practice has any for us. */
export async function claimJob(
  db: Database,
  kinds: readonly string[],
  leaseSeconds: number,
): Promise<Claimed | undefined> {
  for (;;) {
    const found = await db.transaction((transaction) => claimOnce(transaction, kinds, leaseSeconds))
    if (found !== 'passed over') return found
  }
}

async function claimOnce(transaction: Transaction, kinds: readonly string[], leaseSeconds: number) {
  const practice = await choosePractice(transaction)
  if (practice === undefined) return undefined
  const claimed = await transaction.maybeOne<Claimed>(sql`
    update job set state = 'running', lease = lease + 1, attempts = attempts + 1, due = now() + make_interval(secs => ${leaseSeconds})
    where practice = ${practice} and id = (
      select id from job
      where practice = ${practice} and state in ('waiting', 'running') and due <= now() and kind = any(${kinds}::text[])
      order by due limit 1
      for update skip locked)
    returning practice, id, lease, kind, payload, progress, attempts
  `)
  await refreshWork(transaction, practice, claimed ? 'served' : 'passed over')
  return claimed ?? ('passed over' as const)
}

/** Kinds in the queue of a practice that are not among these. */
export async function otherKinds(db: Database, practice: number, kinds: readonly string[]): Promise<string[]> {
  const rows = await db.many<{ kind: string }>(sql`
    select distinct kind from job
    where practice = ${practice} and state in ('waiting', 'running') and kind <> all(${kinds}::text[])
  `)
  return rows.map(({ kind }) => kind)
}
