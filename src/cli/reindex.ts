import { setTimeout as sleep } from 'node:timers/promises'
import { isResourceType } from '#fhir'
import { type JobStatus, jobStatus } from '#jobs'
import { Problem } from '#lib'
import { listPractices, type PracticeRecord, practiceNamed } from '#platform'
import { indexedTypes, queueReindex, type ReindexProgress } from '#store'
import { type Installation, workerOf } from '../app.ts'
import { action, type CliCommand, withInstallation } from './command.ts'
import { numeral, type Screen } from './import-progress.ts'

interface Options {
  readonly practice?: string
  readonly type?: string
  readonly wait?: boolean
}

export const reindex: CliCommand = (program) =>
  void program
    .command('reindex')
    .description('make the search index again from what is stored; the server goes on meanwhile')
    .option('--practice <id>', 'of this practice (default: all)')
    .option('--type <type>', 'of this resource type (default: all that are stored)')
    .option('--wait', 'take part in the work and end when it is done (default: leave it to the server)')
    .action(action((options: Options) => withInstallation((installation) => run(installation, options))))

interface Queued {
  readonly practice: PracticeRecord
  readonly id: string
}

async function run(installation: Installation, { practice, type, wait }: Options): Promise<number> {
  if (type !== undefined && !isResourceType(type))
    throw new Problem('incorrect', `"${type}" is not a resource type of R4`)
  const { db, directory } = installation
  const practices = practice === undefined ? await listPractices(db) : [await practiceNamed(db, practice)]
  const queued: Queued[] = []
  for (const record of practices) {
    const types = type === undefined ? await indexedTypes(db, record.number) : [type]
    const ids = await queueReindex(db, directory.scopeOf(record), types)
    queued.push(...ids.map((id) => ({ practice: record, id })))
  }
  if (!wait) {
    process.stdout.write(
      `${numeral(queued.length)} types are queued; charthouse serve or work makes their index again\n`,
    )
    return 0
  }
  await using _worker = await workerOf(installation, { log: undefined, slots: 1 })
  return (await waitFor(installation, queued, process.stderr)) ? 0 : 1
}

/** Shows each job until it has ended; whether all were done. */
async function waitFor({ db }: Installation, queued: readonly Queued[], screen: Screen): Promise<boolean> {
  let isDone = true
  for (const { practice, id } of queued) {
    let status = await jobStatus(db, practice.number, id)
    while (status?.state === 'waiting' || status?.state === 'running') {
      if (screen.isTTY) screen.write(`\r${progressText(practice, status)}\u001b[K`)
      await sleep(200)
      status = await jobStatus(db, practice.number, id)
    }
    if (status) screen.write(`${screen.isTTY ? '\r\u001b[K' : ''}${progressText(practice, status)}\n`)
    if (status?.state !== 'done') isDone = false
  }
  return isDone
}

function progressText({ id }: PracticeRecord, { topic, state, progress, sentence }: JobStatus): string {
  const { done = 0, total = 0 } = progress as Partial<ReindexProgress>
  const why = state === 'done' || sentence === undefined ? '' : `: ${sentence}`
  return `${id} ${topic}: ${numeral(done)} of ${numeral(total)}, ${state}${why}`
}
