import { type BulkWork, endBulkWork, listBulkWork } from '#bulk'
import { cancelJob, type JobStatus, jobStatus, type ListedJob, listJobs } from '#jobs'
import { Problem } from '#lib'
import { practiceNamed } from '#platform'
import type { Installation } from '../app.ts'
import { acting } from './acting.ts'
import { action, type CliCommand, withInstallation } from './command.ts'

interface Options {
  readonly practice: string
}

export const jobs: CliCommand = (program) => {
  const group = program
    .command('jobs')
    .description('work in the background: exports, imports and what the server does by itself')
  group
    .command('list')
    .description('what waits or runs, and what ended lately')
    .requiredOption('--practice <id>')
    .action(action(({ practice }: Options) => withInstallation((installation) => list(installation, practice))))
  group
    .command('cancel')
    .argument('<id>', 'of an export, an import or a job')
    .description('end it; of an export its files go, of an import what is loaded stays')
    .requiredOption('--practice <id>')
    .action(
      action((id: string, { practice }: Options) =>
        withInstallation((installation) => cancel(installation, practice, id)),
      ),
    )
}

const recentMs = 7 * 24 * 60 * 60 * 1000

async function list({ db }: Installation, id: string) {
  const { number } = await practiceNamed(db, id)
  const bulk = await listBulkWork(db, number, Date.now() - recentMs)
  const queued = (await listJobs(db, number)).filter(
    ({ since, state }) => isActive(state) || since > Date.now() - recentMs,
  )
  const lines = [...bulk.map(bulkLine), ...queued.map(jobLine)]
  process.stdout.write(lines.length > 0 ? lines.join('') : `Nothing waits or runs at ${id}, and nothing ended lately\n`)
}

function bulkLine({ what, id, client, level, state, progress, files, since, sentence }: BulkWork): string {
  const percent = `${Math.floor(progress * 100)} %`
  return line([id, what, state, percent, `${files} files`, `level ${level}`, `client ${client}`, at(since)], sentence)
}

function jobLine({ id, kind, topic, state, progress, since, sentence }: ListedJob): string {
  const how = Object.entries(progress).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  const about = topic === undefined || topic === kind ? [] : [topic]
  return line([id, `job ${kind}`, ...about, state, ...how, at(since)], sentence)
}

function line(parts: readonly string[], sentence: string | undefined): string {
  return `${parts.join('  ')}${sentence === undefined ? '' : `  ${sentence}`}\n`
}

function at(milliseconds: number): string {
  return `since ${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}

function isActive(state: ListedJob['state']): boolean {
  return state === 'waiting' || state === 'running'
}

async function cancel({ db }: Installation, practiceId: string, id: string) {
  const { number } = await practiceNamed(db, practiceId)
  const job = jobIdForm.test(id) ? await jobStatus(db, number, id) : undefined
  const what = (await endBulkWork(db, number, wholeOf(job) ?? id)) ?? (job && (await endJob(db, number, id)))
  if (!what) {
    const hint = `charthouse jobs list --practice ${practiceId} shows what there is`
    throw new Problem('not-found', `Nothing to cancel has the id ${id}: ${hint}`)
  }
  const { report, user } = acting({ db })
  report({ event: 'cancel', practice: practiceId, user, what, id })
  process.stdout.write(`Cancelled the ${what} ${id}\n`)
}

const jobIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A job that is a step of an export or an import stands for the whole of it. */
function wholeOf(job: JobStatus | undefined): string | undefined {
  if (!job || !isActive(job.state)) return undefined
  const { export: exported, import: imported } = job.payload as { readonly export?: string; readonly import?: string }
  return job.kind === 'export' ? exported : job.kind === 'import' ? imported : undefined
}

async function endJob(db: Installation['db'], practice: number, id: string): Promise<'job' | undefined> {
  return (await db.transaction((transaction) => cancelJob(transaction, practice, id))) ? 'job' : undefined
}
