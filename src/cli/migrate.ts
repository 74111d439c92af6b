import { migrations } from '#db'
import { action, type CliCommand, withInstallation } from './command.ts'

export const migrateCommand: CliCommand = (program) =>
  void program
    .command('migrate')
    .description('bring the database up to date (the server does it at its start, too)')
    .action(
      action(() =>
        withInstallation(async () => {
          process.stdout.write(`The database has schema ${migrations().at(-1)?.number}, the newest\n`)
        }),
      ),
    )
