import type { Command } from 'commander'
import { isResourceType } from '#fhir'
import { Problem } from '#lib'
import { appNamed, practiceNamed } from '#platform'
import { permitAppAt, switchApp, switchAppAt } from '#smart'
import type { Installation } from '../app.ts'
import { acting } from './acting.ts'
import { checkScopes } from './app-options.ts'
import { action, again, printJson, withInstallation } from './command.ts'

/** What practices permit apps, and switching them off. */
export function switchCommands(group: Command) {
  permitCommand(group)
  group
    .command('enable')
    .argument('<client>')
    .description('switch an app on again, as it was permitted; people are asked again')
    .option('--practice <id>', 'at this practice; at the whole platform unless given')
    .action(
      action((client: string, options: SwitchOptions) => withInstallation((open) => enable(open, client, options))),
    )
  group
    .command('disable')
    .argument('<client>')
    .description('switch an app off: all that it was given ends at once')
    .option('--practice <id>', 'at this practice; at the whole platform unless given')
    .option('--reason <text>', 'told to the app; at a practice it makes the app suspended')
    .action(
      action((client: string, options: SwitchOptions) => withInstallation((open) => disable(open, client, options))),
    )
}

interface PermitOptions {
  readonly practice: string
  readonly scope?: string
  readonly type?: string[]
  readonly group?: string[]
  readonly import?: boolean
}

function permitCommand(group: Command) {
  group
    .command('permit')
    .argument('<client>')
    .description('say what a practice permits an app, in place of what it permitted before')
    .requiredOption('--practice <id>')
    .option('--scope <scopes>', 'no more than these; all that it registered unless given')
    .option('--type <type>', 'resource types, for system/ scopes; every one unless given', again)
    .option(
      '--group <id>',
      "Groups that it may export, and nothing else of patients; everybody's data unless given",
      again,
    )
    .option('--import', 'it may let the server fetch files and load them ($import), as far as it may write')
    .action(
      action((client: string, options: PermitOptions) => withInstallation((open) => permit(open, client, options))),
    )
}

async function permit(
  open: Installation,
  client: string,
  { practice: id, scope, type: types, group: groups, import: mayImport = false }: PermitOptions,
) {
  const practice = await practiceNamed(open.db, id)
  const { record, type } = await appNamed(open.db, client)
  const scopes = scope ?? record.scopes
  checkScopes(type, scopes)
  const unknown = types?.find((name) => !isResourceType(name))
  if (unknown !== undefined) throw new Problem('incorrect', `"${unknown}" is not a resource type of R4`)
  await permitAppAt(acting(open), practice, { client, scopes, types, groups, mayImport })
  printJson({
    client_id: client,
    practice: practice.id,
    state: 'enabled',
    scope: scopes,
    types,
    groups,
    import: mayImport || undefined,
  })
}

interface SwitchOptions {
  readonly practice?: string
  readonly reason?: string
}

async function enable(open: Installation, client: string, { practice: id }: SwitchOptions) {
  if (id === undefined) await switchApp(acting(open), { client, state: 'approved' })
  else await switchAppAt(acting(open), await practiceNamed(open.db, id), { client, state: 'enabled' })
  printJson({ client_id: client, practice: id, state: id === undefined ? 'approved' : 'enabled' })
}

async function disable(open: Installation, client: string, { practice: id, reason }: SwitchOptions) {
  const state = id !== undefined && reason === undefined ? 'disabled' : 'suspended'
  const ended =
    id === undefined
      ? await switchApp(acting(open), { client, state: 'suspended', reason })
      : await switchAppAt(acting(open), await practiceNamed(open.db, id), { client, state, reason })
  printJson({ client_id: client, practice: id, state, ended })
}
