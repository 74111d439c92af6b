import { Problem } from '#lib'
import type { Download, DownloadContext, Progress, Summary } from './download.ts'
import { eachAtOnce } from './files/at-once.ts'
import { tellIssues } from './files/error-files.ts'
import { loadFile } from './files/load-file.ts'
import type { Loading } from './files/loading.ts'
import { plannedFiles } from './files/planned-files.ts'
import type { Server } from './web/server.ts'

interface LoadAll extends Pick<DownloadContext, 'tell' | 'progress'> {
  readonly server: Server
  readonly status: URL
  /** Ends what is under way, when something fails that is not about one file. */
  readonly failed: () => void
}

/** Waits for the files of an export and loads them. One that can't be loaded is told and counted; the others are loaded. */
export async function loadAll(
  download: Download,
  { server, status, tell, progress, failed }: LoadAll,
): Promise<Summary> {
  const tally = new Tally(progress)
  const files = plannedFiles(
    { ...download, outputFormat: download.kickOff.parameters.outputFormat },
    {
      server,
      status,
      waiting: (serverSays) => tally.show({ serverSays }),
      planned: ({ transactionTime, items }) => tally.plan(items.length, transactionTime),
    },
  )
  await eachAtOnce(files, { most: download.parallel, failed }, async (loading) => {
    try {
      tally.add(loading, await loadFile(loading, { server, tell, received: (bytes) => tally.receive(bytes) }))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      tally.missing++
      tell(error.message)
    }
  })
  return tally.summary(await tellIssues(tally.errorFiles.sort(), tell))
}

/** What has been loaded, as it is shown and summed up. */
class Tally {
  missing = 0
  readonly errorFiles: string[] = []
  readonly #byType = new Map<string, number>()
  readonly #shown: Progress = { serverSays: undefined, files: 0, filesLoaded: 0, bytes: 0 }
  readonly #progress: DownloadContext['progress']
  #bytes = 0
  #transactionTime: string | undefined

  constructor(progress: DownloadContext['progress']) {
    this.#progress = progress
  }

  show(change: Partial<Progress>): void {
    this.#progress(Object.assign(this.#shown, change))
  }

  plan(files: number, transactionTime: string | undefined): void {
    this.#transactionTime ??= transactionTime
    this.show({ serverSays: undefined, files: this.#shown.files + files })
  }

  receive(bytes: number): void {
    this.show({ bytes: this.#shown.bytes + bytes })
  }

  add({ item: { kind, type = '' }, path }: Loading, { lines, bytes }: { lines: number; bytes: number }): void {
    this.#bytes += bytes
    if (kind === 'error') this.errorFiles.push(path)
    if (kind === 'output') this.#byType.set(type, (this.#byType.get(type) ?? 0) + lines)
    this.show({ filesLoaded: this.#shown.filesLoaded + 1 })
  }

  summary(failures: number): Summary {
    return {
      files: this.#shown.filesLoaded,
      bytes: this.#bytes,
      byType: this.#byType,
      missing: this.missing,
      failures,
      transactionTime: this.#transactionTime,
    }
  }
}
