import { Command } from 'commander'
import { app } from './app.ts'
import { bulkDownloadCommand } from './bulk-download.ts'
import { checkSettings } from './check-settings.ts'
import { exportCommand } from './export.ts'
import { group } from './group.ts'
import { importCommand } from './import-command.ts'
import { jobs } from './jobs.ts'
import { launch } from './launch.ts'
import { migrateCommand } from './migrate.ts'
import { practice } from './practice.ts'
import { reindex } from './reindex.ts'
import { sandbox } from './sandbox.ts'
import { serve } from './serve.ts'
import { token } from './token.ts'
import { user } from './user.ts'
import { work } from './work.ts'

/** Every command; help and docs/commands.md follow from it. */
export const commands = [
  serve,
  work,
  importCommand,
  exportCommand,
  practice,
  app,
  token,
  user,
  group,
  launch,
  sandbox,
  reindex,
  jobs,
  bulkDownloadCommand,
  migrateCommand,
  checkSettings,
]

export function program(): Command {
  const made = new Command('charthouse')
    .description('A FHIR R4 server that an EHR vendor or a practice runs itself')
    .addHelpText(
      'after',
      '\nSettings come from the environment: charthouse check-settings lists them. Documentation: README.md',
    )
    .showHelpAfterError('(--help tells how)')
  for (const add of commands) add(made)
  return made
}

if (import.meta.main || process.argv[1]?.endsWith('charthouse.js') || process.argv[1]?.endsWith('charthouse')) {
  await program().parseAsync()
}
