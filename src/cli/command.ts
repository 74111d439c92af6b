import type { Command } from 'commander'
import { readSettings, type Settings } from '#config'
import { Problem } from '#lib'
import { type Installation, openInstallation } from '../app.ts'

/** A command of the command line: it puts itself under the program. */
export type CliCommand = (program: Command) => void

/** Runs an action, whose number is the exit status; a Problem is a sentence on standard error and exit status 1 (2: wrong use). */
export function action<Args extends unknown[]>(run: (...args: Args) => Promise<unknown>) {
  return async (...args: Args) => {
    try {
      const status = await run(...args)
      process.exitCode = typeof status === 'number' ? status : 0
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      process.stderr.write(`${error.message}\n`)
      process.exitCode = error.kind === 'incorrect' ? 2 : 1
    }
  }
}

export function settingsOfEnvironment(): Settings {
  return readSettings(process.env)
}

/** Opens the installation for the time of an action. STATEMENT_SECONDS is for searches: a load may wait longer for a busy disk. */
export async function withInstallation<T>(work: (installation: Installation) => Promise<T>): Promise<T> {
  await using installation = await openInstallation({ ...settingsOfEnvironment(), statementSeconds: 0 })
  return await work(installation)
}

/** An option that may stand several times. */
export function again(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

export function printJson(content: object): void {
  process.stdout.write(`${JSON.stringify(content, undefined, 2)}\n`)
}
