import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { DataKind } from './options.ts'
import type { Outcome } from './outcome.ts'

const folder = fileURLToPath(new URL('results/', import.meta.url))

/** A run as it is kept: conformance/results/SUITE-DATA[-ONLY].json. */
export interface Run {
  readonly suite: string
  readonly data: DataKind
  readonly only: readonly string[]
  readonly validator: string
  readonly commit: string
  readonly startedAt: string
  readonly seconds: number
  readonly patients: string
  readonly outcomes: readonly Outcome[]
}

type RunName = Pick<Run, 'suite' | 'data' | 'only'>

function fileOf({ suite, data, only }: RunName): string {
  return `${folder}${[suite, data, ...only].join('-')}.json`
}

export async function keep(run: Run): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(fileOf(run), `${JSON.stringify(run, undefined, 1)}\n`)
}

/** The last run of this name; undefined when there is none. */
export async function lastRun(name: RunName): Promise<Run | undefined> {
  const text = await readFile(fileOf(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return text === undefined ? undefined : (JSON.parse(text) as Run)
}

/** The commit under test; `+` where what runs differs from it. */
export async function currentCommit(): Promise<string> {
  const git = async (...args: readonly string[]) => (await promisify(execFile)('git', args)).stdout.trim()
  const changes = await git('status', '--porcelain', '--', 'src', 'bin')
  return `${await git('rev-parse', '--short', 'HEAD')}${changes === '' ? '' : '+'}`
}
