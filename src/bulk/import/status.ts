import { instantText, outcome } from '#fhir'
import type { Answer, Call } from '#http'
import { activeJobs, type JobStatus } from '#jobs'
import { Problem } from '#lib'
import { countEarly } from '../status/waiting.ts'
import type { ImportOptions } from './options.ts'
import { ownImport } from './own-import.ts'
import { folderOf, type Import, type ImportFile, importKind } from './records/import.ts'
import { deleteImport, noteImportPoll } from './records/imports-store.ts'
import { inputsOf } from './records/inputs-store.ts'
import type { ImportProgress } from './work/import-job.ts'

const askAgainSeconds = 5

/** 202 while it runs, 200 with what came of each file, 500 with the reason when it failed. */
export async function importStatus(options: ImportOptions, call: Call): Promise<Answer> {
  const asked = await ownImport(options, call)
  const inputs = await inputsOf(options.db, asked.practice, asked.id)
  if (asked.state === 'running') return running(options, asked, inputs)
  if (asked.state === 'failed') return failed(asked, inputs)
  return {
    type: 'application/json',
    headers: { expires: new Date(asked.expires ?? 0).toUTCString() },
    body: JSON.stringify(result(asked, inputs)),
  }
}

/** Ends it, or forgets what came of it; what is loaded stays. */
export async function deleteImportStatus(options: ImportOptions, call: Call): Promise<Answer> {
  const { db, report } = options
  const { practice, id, client } = await ownImport(options, call)
  const isDeleted = await db.transaction((transaction) => deleteImport(transaction, practice, id))
  if (!isDeleted) throw new Problem('not-found', 'This import is not known: it was deleted')
  const { user } = await call.principal
  report({ event: 'import', change: 'deleted', request: call.requestId, practice: call.practice.id, client, user, id })
  await (await options.files()).removeFolder(folderOf(practice, id))
  return { status: 202, body: JSON.stringify(outcome('information', 'informational', 'The import has ended')) }
}

async function running({ db }: ImportOptions, asked: Import, inputs: readonly ImportFile[]): Promise<Answer> {
  const poll = { ...asked.poll, toldSeconds: askAgainSeconds }
  await noteImportPoll(db, asked.practice, asked.id, countEarly({ asOf: asked.asOf, poll }, askAgainSeconds))
  const jobs = await activeJobs(db, asked.practice, importKind)
  const job = jobs.find(({ topic }) => topic === asked.id)
  return {
    status: 202,
    headers: { 'x-progress': progressText(inputs, job), 'retry-after': String(askAgainSeconds) },
  }
}

function progressText(inputs: readonly ImportFile[], job: JobStatus | undefined): string {
  const done = inputs.filter(({ isDone }) => isDone)
  const { loaded: ofFile = 0 } = (job?.progress ?? {}) as Partial<ImportProgress>
  const loaded = done.reduce((sum, file) => sum + file.loaded, ofFile)
  const trouble = job && job.attempts > (job.state === 'running' ? 1 : 0) ? '; a file is tried again' : ''
  return `${done.length} of ${inputs.length} files, ${loaded} resources${trouble}`
}

function failed(asked: Import, inputs: readonly ImportFile[]): Answer {
  const loaded = inputs.filter(({ isDone }) => isDone).length
  const sentence = `The import failed: ${asked.sentence}; ${loaded} of ${inputs.length} files are loaded`
  return { status: 500, body: JSON.stringify(outcome('error', 'exception', sentence)) }
}

function result({ address, base, id, ended = 0 }: Import, inputs: readonly ImportFile[]) {
  return {
    transactionTime: instantText(Math.round(ended * 1000)),
    request: address,
    requiresAccessToken: true,
    output: inputs.map(({ type, url: inputUrl, loaded: count }) => ({ type, inputUrl, count })),
    error: inputs
      .filter(({ errors }) => errors !== undefined)
      .map(({ n, url: inputUrl, failed: count }) => ({
        ...{ type: 'OperationOutcome', inputUrl, count },
        url: `${base}/$import-status/${id}/errors/${n}`,
      })),
  }
}
