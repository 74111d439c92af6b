import type { Transaction } from '#db'
import { Problem } from '#lib'
import type { NewExport } from '../export.ts'
import type { ExportSettings } from '../face.ts'
import { countQueued, keptExports } from '../records/counts-store.ts'
import { runningExports } from '../records/exports-store.ts'
import { secondsToFirst } from '../status/waiting.ts'

type Limits = Pick<ExportSettings, 'queued' | 'queuedInPractice' | 'kept' | 'gigabytesInPractice'>

/** Once it is added: throws Problem 'busy' where more wait, or more lies there, than may. */
export async function refuseMore(
  transaction: Transaction,
  { practice, client }: Pick<NewExport, 'practice' | 'client'>,
  most: Limits,
): Promise<void> {
  const queued = await countQueued(transaction, practice, client)
  const kept = await keptExports(transaction, practice, client)
  const isOwn = queued.own > most.queued
  if (isOwn || queued.all > most.queuedInPractice) {
    const running = await runningExports(transaction, practice)
    const own = running.filter((one) => isOwn && one.client === client)
    throw busy(isOwn ? tooManyWait(most.queued) : allWait(most.queuedInPractice), own.length > 0 ? own : running)
  }
  if (kept.own >= most.kept)
    throw busy(`the files of ${kept.own} exports of this app lie here already; DELETE those that are fetched`)
  if (kept.allBytes > most.gigabytesInPractice * 1e9) throw busy(full(kept.ownBytes, most.gigabytesInPractice))
}

/** Told to wait until one of those that run may have ended; where it is up to the client, or to nobody, as long as can be said. */
function busy(sentence: string, running: Parameters<typeof secondsToFirst>[0] = []): Problem {
  return new Problem('busy', `Cannot export: ${sentence}`, { retryAfterSeconds: secondsToFirst(running) })
}

function tooManyWait(most: number): string {
  return `${most} exports of this app wait already; wait for one to end, or DELETE those that are not needed`
}

function allWait(most: number): string {
  return `${most} exports wait already at this practice; ask again later`
}

function full(ownBytes: number, most: number): string {
  const own = `${(ownBytes / 1e9).toFixed(1)} GB of them are of this app`
  return `more than ${most} GB of exports lie here at this practice, and ${own}; DELETE those that are fetched ($export-status lists them)`
}
