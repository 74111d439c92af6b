import { lineBuffer } from '#http'
import { Problem } from '#lib'
import { listPractices } from '#platform'
import { openInstallation, queueReindexes, workerOf } from '../app.ts'
import { ensureBuiltInGroups } from './built-in-groups.ts'
import { action, type CliCommand, settingsOfEnvironment } from './command.ts'
import { withJobConnections } from './job-connections.ts'
import { stopped, stopSignal } from './stop-signal.ts'

export const work: CliCommand = (program) =>
  void program
    .command('work')
    .description('do work in the background (the server does it, too; run it on as many machines as wanted)')
    .option('--at-once <n>', 'jobs at once', '2')
    .action(action(run))

async function run({ atOnce }: { atOnce: string }) {
  const slots = Number(atOnce)
  if (!Number.isInteger(slots) || slots < 1 || slots > 100) {
    throw new Problem('incorrect', `--at-once takes a whole number from 1 to 100, not "${atOnce}"`)
  }
  const settings = settingsOfEnvironment()
  const stopping = stopSignal()
  await using installation = await openInstallation(withJobConnections(settings, slots))
  const log = settings.log === 'off' ? undefined : lineBuffer(1)
  await using _worker = await workerOf(installation, { log, slots })
  await queueReindexes(installation)
  await ensureBuiltInGroups(installation, await listPractices(installation.db))
  process.stderr.write('charthouse works in the background (stop it with Ctrl-C)\n')
  await stopped(stopping)
  log?.flush()
}
