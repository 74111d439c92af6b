/** An export from its kick-off until everything is in a folder, by the public protocol alone. */
import { Problem } from '#lib'
import { connectTo } from './connect-to.ts'
import type { Download, DownloadContext, Summary } from './download.ts'
import { kickOff, kickOffRequest } from './kick-off.ts'
import { loadAll } from './load-all.ts'
import { refusal } from './outcomes.ts'
import { lockFolder, openState, readState, type State, writeState } from './state.ts'
import type { Server } from './web/server.ts'

/** Undefined when it was complete before. What is interrupted throws, and goes on when it is called again. */
export async function bulkDownload(download: Download, context: DownloadContext): Promise<Summary | undefined> {
  const { folder } = download
  await using _lock = await lockFolder(folder)
  const request = kickOffRequest(download.kickOff)
  const named = [request.method, request.url.href, request.body].filter(Boolean).join(' ')
  const before = await openState(folder, named)
  if (before.finishedAt !== undefined) {
    context.tell(`${folder} has been complete since ${before.finishedAt}: name another folder for a new export`)
    if (before.failures)
      throw new Problem('unavailable', `The server could not export everything: ${folder} holds what it says of that`)
    return undefined
  }
  const stopping = new AbortController()
  const server = connectTo(download, { ...context, signal: AbortSignal.any([context.signal, stopping.signal]) })
  const status =
    before.status === undefined ? await kickOff(server, request, before.idempotencyKey) : new URL(before.status)
  const state = { ...before, status: status.href }
  await writeState(folder, state)
  const summary = await loadAll(download, { ...context, server, status, failed: () => stopping.abort() })
  if (summary.missing === 0) await finish(download, { server, state, failures: summary.failures, tell: context.tell })
  return summary
}

interface Finishing {
  readonly server: Server
  readonly state: State
  readonly failures: number
  readonly tell: (line: string) => void
}

async function finish({ folder, isKept }: Download, { server, state, failures, tell }: Finishing): Promise<void> {
  await writeState(folder, { ...state, finishedAt: new Date().toISOString(), failures })
  if (isKept || state.status === undefined) return
  await deleteJob(server, new URL(state.status)).catch((error: Error) =>
    tell(`Everything is here, but ${error.message}`),
  )
}

/** Deletes the job of a folder on the server. */
export async function cancelDownload(download: Download, context: DownloadContext): Promise<void> {
  await using _lock = await lockFolder(download.folder)
  const state = await readState(download.folder)
  if (state?.status === undefined) throw new Problem('not-found', `${download.folder} holds no export that was started`)
  await deleteJob(connectTo(download, context), new URL(state.status))
  await writeState(download.folder, { ...state, cancelledAt: new Date().toISOString() })
}

async function deleteJob(server: Server, status: URL): Promise<void> {
  const answer = await server.ask(status, { method: 'DELETE', headers: { accept: 'application/fhir+json' } })
  if ((answer.status < 200 || answer.status > 299) && answer.status !== 404) {
    throw await refusal('the job stays on the server', answer)
  }
  answer.body.destroy()
}
