import { queueSweep } from '#jobs'
import { Problem } from '#lib'
import {
  addPractice,
  changeSettings,
  listPractices,
  type PracticeRecord,
  practiceNamed,
  practiceSettings,
  settingText,
} from '#platform'
import { queueReindex } from '#store'
import type { Installation } from '../app.ts'
import { ensureBuiltInGroups } from './built-in-groups.ts'
import { action, type CliCommand, withInstallation } from './command.ts'

interface Profile {
  readonly name?: string
  readonly npi?: string
  readonly address?: string
  readonly phone?: string
  readonly contact?: string
  readonly timeZone?: string
  readonly dialect?: string
  readonly path?: string
  readonly hostName?: string
}

export const practice: CliCommand = (program) => {
  const group = program.command('practice').description('add, list and set up practices')
  group
    .command('add')
    .argument('<id>', 'its name in addresses: a to z, 0 to 9 and -')
    .description('add a practice')
    .option('--name <text>')
    .option('--npi <digits>')
    .option('--address <text>')
    .option('--phone <number>')
    .option('--contact <mail or URL>')
    .option('--time-zone <zone>', 'IANA name, such as America/Chicago')
    .option('--dialect <name>', 'standard, modmed, mof, veradigm or integra')
    .option('--path <segment>')
    .option('--host-name <name>')
    .action(
      action((id: string, profile: Profile) => withInstallation((installation) => add(installation, id, profile))),
    )
  group
    .command('list')
    .description('list the practices')
    .action(action(() => withInstallation(list)))
  group
    .command('settings')
    .argument('<id>')
    .argument('[changes...]', 'KEY=VALUE; KEY= takes one back to its initial value')
    .description('show or change the settings of a practice')
    .action(
      action((id: string, changes: string[]) =>
        withInstallation((installation) => settings(installation, id, changes)),
      ),
    )
}

async function add(installation: Installation, id: string, profile: Profile) {
  const { db, directory } = installation
  const record = await addPractice(db, id, { ...profile })
  await queueSweep(db, record.number)
  await ensureBuiltInGroups(installation, [record])
  process.stdout.write(`Added practice ${record.id}\nFHIR base URL: ${directory.scopeOf(record).bases[0]}\n`)
}

async function list({ db, directory }: Installation) {
  const practices = await listPractices(db)
  if (practices.length === 0) process.stdout.write('There is no practice yet: charthouse practice add ID\n')
  for (const record of practices) {
    process.stdout.write(`${record.id}  ${directory.scopeOf(record).bases[0]}  ${record.settings.name ?? ''}\n`)
  }
}

async function settings(installation: Installation, id: string, changes: readonly string[]) {
  const { db, directory } = installation
  const record = changes.length > 0 ? await changeSettings(db, id, readChanges(changes)) : await practiceNamed(db, id)
  // its zone says what dates without one mean, its address which absolute references are its own
  if (changes.length > 0) await queueReindex(db, directory.scopeOf(record))
  if (changes.length > 0) await ensureBuiltInGroups(installation, [record])
  const changed = new Set(changes.map((change) => change.split('=')[0]))
  for (const [key, { about }] of Object.entries(practiceSettings)) {
    if (changed.size > 0 && !changed.has(key)) continue
    process.stdout.write(`${key}=${shown(record, key)}${key in record.stored ? '' : '  (initial)'}\n    ${about}\n`)
  }
}

function shown({ stored, settings: values }: PracticeRecord, key: string): string {
  return stored[key] ?? settingText((values as Readonly<Record<string, unknown>>)[key])
}

function readChanges(changes: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    changes.map((change) => {
      const at = change.indexOf('=')
      if (at < 1) throw new Problem('incorrect', `"${change}" is not KEY=VALUE`)
      return [change.slice(0, at), change.slice(at + 1)]
    }),
  )
}
