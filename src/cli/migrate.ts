import { migrations } from '#db'
import { queueReindexes } from '../app.ts'
import { action, type CliCommand, withInstallation } from './command.ts'

export const migrateCommand: CliCommand = (program) =>
  void program
    .command('migrate')
    .description('bring the database up to date (the server does it at its start, too)')
    .action(
      action(() =>
        withInstallation(async (installation) => {
          const queued = await queueReindexes(installation)
          process.stdout.write(`The database has schema ${migrations().at(-1)?.number}, the newest\n`)
          if (queued > 0)
            process.stdout.write(
              `${queued} types are queued for a new search index; charthouse serve or work makes it\n`,
            )
        }),
      ),
    )
