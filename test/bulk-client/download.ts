/** A download from a fake server into a folder of its own, whose waiting takes no time. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bulkDownload, type Download, type DownloadContext, type Summary } from '#bulk-client'
import type { Fake } from './fake-server.ts'

export interface Run {
  readonly summary: Summary | undefined
  readonly told: string[]
  /** Seconds that it would have waited. */
  readonly waited: number[]
}

export interface Folder extends Disposable {
  readonly path: string
  read(name: string): string
  /** What was exported: without manifest and state. */
  files(): string[]
}

export function folder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'charthouse-bulk-'))
  return {
    path,
    read: (name) => readFileSync(join(path, name), 'utf8'),
    files: () =>
      readdirSync(path)
        .filter((name) => !/^(manifest|bulk-download)\./.test(name))
        .sort(),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

export function downloadFrom({ base }: Pick<Fake, 'base'>, { path }: Folder, more: Partial<Download> = {}): Download {
  return {
    kickOff: { base: new URL(base), level: { kind: 'system' }, parameters: {}, isLenient: false, isPost: false },
    credentials: { kind: 'token', token: 'given' },
    folder: path,
    parallel: 4,
    isKept: false,
    ignoresCounts: false,
    tokenOrigins: [],
    ...more,
  }
}

export async function run(download: Download, more: Partial<DownloadContext> = {}): Promise<Run> {
  const told: string[] = []
  const waited: number[] = []
  const summary = await bulkDownload(download, {
    signal: new AbortController().signal,
    tell: (line) => told.push(line),
    progress: () => {},
    wait: async (seconds, signal) => {
      waited.push(seconds)
      signal.throwIfAborted()
    },
    ...more,
  })
  return { summary, told, waited }
}
