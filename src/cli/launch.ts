import { Problem } from '#lib'
import { practiceNamed } from '#platform'
import { operatorLaunch } from '#smart'
import { smartPartsOf } from '../app.ts'
import { acting } from './acting.ts'
import { action, type CliCommand, withInstallation } from './command.ts'

interface Options {
  readonly practice: string
  readonly client: string
  readonly user: string
  readonly patient?: string
  readonly encounter?: string
  readonly intent?: string
  readonly fhirContext?: string
  readonly banner?: string
  readonly style?: string
}

export const launch: CliCommand = (program) =>
  void program
    .command('launch')
    .description('launch an app as an EHR does: prints JSON with the launch, iss and the address to open')
    .requiredOption('--practice <id>')
    .requiredOption('--client <id>', 'the client_id of the app')
    .requiredOption('--user <name>', 'who has signed in at the EHR: a user name, or Practitioner/ID')
    .option('--patient <id>')
    .option('--encounter <id>')
    .option('--intent <text>')
    .option('--fhir-context <json>', 'a list such as [{"reference":"Task/1"}]')
    .option('--banner <true|false>', 'whether the app has to show whose chart it is (true)')
    .option('--style <url>', 'where a style document is; that of the practice unless given')
    .action(
      action((options: Options) =>
        withInstallation(async (installation) => {
          const record = await practiceNamed(installation.db, options.practice)
          const practice = await installation.directory.named(record.id)
          if (!practice) throw new Problem('not-found', `There is no practice "${record.id}"`)
          const { client: app, banner, ...asked } = options
          const parts = smartPartsOf(installation, acting(installation).report)
          const made = await operatorLaunch(parts, practice, { ...asked, app, ...bannerOf(banner) })
          process.stdout.write(`${JSON.stringify(made, undefined, 2)}\n`)
        }),
      ),
    )

function bannerOf(text: string | undefined) {
  if (text === undefined) return {}
  if (text === 'true' || text === 'false') return { needsBanner: text === 'true' }
  throw new Problem('incorrect', `--banner takes true or false, not "${text}"`)
}
