import type { Command } from 'commander'
import { isResourceType } from '#fhir'
import { Problem } from '#lib'
import {
  type App,
  addApp,
  addSecret,
  appNamed,
  hasKeys,
  listApps,
  listPractices,
  type PracticeRecord,
  permissionsAt,
  permitApp,
  practiceNamed,
  readClientKeys,
  readRegistration,
  setAppKeys,
} from '#platform'
import { fetchText, switchApp, switchAppAt } from '#smart'
import type { Installation } from '../app.ts'
import { type AddOptions, checkScopes, keysFrom, registrationOf } from './app-options.ts'
import { action, type CliCommand, withInstallation } from './command.ts'

export const app: CliCommand = (program) => {
  const group = program.command('app').description('register apps, and say what practices permit them')
  addCommand(group)
  group
    .command('list')
    .description('list the apps, and the practices that permit them')
    .option('--practice <id>', 'those that this practice has decided on')
    .action(action(({ practice }: { practice?: string }) => withInstallation((open) => list(open, practice))))
  group
    .command('keys')
    .argument('<client>')
    .description('register other keys for an app')
    .requiredOption('--jwks <file or URL>', 'public keys as a JWK Set, or where to read it')
    .action(
      action((client: string, { jwks }: { jwks: string }) => withInstallation((open) => setKeys(open, client, jwks))),
    )
  group
    .command('secret')
    .argument('<client>')
    .description('make a new secret for an app; the one before it is good for some hours more')
    .option('--overlap-hours <n>', '0: it ends at once', '24')
    .action(
      action((client: string, { overlapHours }: { overlapHours: string }) =>
        withInstallation((open) => newSecret(open, client, overlapHours)),
      ),
    )
  permitCommand(group)
  switchCommands(group)
}

function addCommand(group: Command) {
  group
    .command('add')
    .description('register an app and permit it at a practice; prints its client_id, and the secret that it may have')
    .requiredOption('--practice <id>')
    .requiredOption('--name <text>', 'as people see it')
    .requiredOption('--type <type>', 'public, symmetric (a secret), asymmetric (keys) or backend (keys, no users)')
    .requiredOption('--scope <scopes>', 'such as "system/*.rs" or "launch/patient patient/*.rs offline_access"')
    .option('--redirect-uri <uri>', 'where users come back to the app', again)
    .option('--launch-uri <uri>', 'where the EHR opens the app', again)
    .option('--origin <origin>', 'of pages that call, beside those of the redirect URIs', again)
    .option('--jwks <file or URL>', 'public keys as a JWK Set, or where to read it')
    .option('--smart-version <version>', '2.2, 2.0 or 1.0.0', '2.2')
    .option('--pkce <rule>', 'required or none', 'required')
    .option('--only', 'it serves this practice and no other')
    .option('--trusted-launch', 'it may make launches for its users')
    .option('--skip-consent', 'its users who work at the practice are not asked')
    .option('--no-issuer', 'its redirects carry no iss (RFC 9207), which it would take for a launch')
    .option('--logo <url>')
    .option('--policy <url>')
    .option('--terms <url>')
    .action(action((options: AddOptions) => withInstallation((open) => add(open, options))))
}

interface PermitOptions {
  readonly practice: string
  readonly scope?: string
  readonly type?: string[]
  readonly group?: string[]
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
    .action(
      action((client: string, options: PermitOptions) => withInstallation((open) => permit(open, client, options))),
    )
}

interface SwitchOptions {
  readonly practice?: string
  readonly reason?: string
}

function switchCommands(group: Command) {
  group
    .command('enable')
    .argument('<client>')
    .description('switch an app on again, as it was permitted')
    .option('--practice <id>', 'at this practice; at the whole platform unless given')
    .action(
      action((client: string, options: SwitchOptions) => withInstallation((open) => enable(open, client, options))),
    )
  group
    .command('disable')
    .argument('<client>')
    .description('switch an app off; its tokens end at once')
    .option('--practice <id>', 'at this practice; at the whole platform unless given')
    .option('--reason <text>', 'told to the app; at a practice it makes the app suspended')
    .action(
      action((client: string, options: SwitchOptions) => withInstallation((open) => disable(open, client, options))),
    )
}

async function add({ db, directory, settings }: Installation, options: AddOptions) {
  const practice = await practiceNamed(db, options.practice)
  const read = readRegistration(await registrationOf(options, practice.number), { isDevelopment: settings.development })
  checkScopes(read.type, read.record.scopes)
  const added = await addApp(db, read, 'approved')
  const secret = added.type === 'symmetric' ? await addSecret(db, added.client, 0) : undefined
  await permitApp(db, practice.number, added.client, {
    scopes: read.record.scopes,
    types: undefined,
    groups: undefined,
  })
  const { root } = directory.practiceOf(practice)
  print({
    client_id: added.client,
    ...(secret !== undefined && { client_secret: secret }),
    ...{ name: added.name, type: added.type, practice: practice.id, scope: read.record.scopes },
    fhir_base: directory.scopeOf(practice).bases[0],
    issuer: root,
  })
  await tryKeys(added, settings.development)
}

/** An app whose keys can't be read now may have them later: said, not refused. */
async function tryKeys({ record: { keys } }: Pick<App, 'record'>, isDevelopment: boolean) {
  if (!keys || !('url' in keys)) return
  await fetchText(keys.url, { isDevelopment }).catch((error: Error) =>
    process.stderr.write(`The JWKS URL is registered, but could not be read now: ${error.message}\n`),
  )
}

async function list({ db }: Installation, only: string | undefined) {
  const practices = only === undefined ? await listPractices(db) : [await practiceNamed(db, only)]
  const permissions = new Map<PracticeRecord, Awaited<ReturnType<typeof permissionsAt>>>()
  for (const practice of practices) permissions.set(practice, await permissionsAt(db, practice.number))
  const apps = await listApps(db)
  if (apps.length === 0) process.stdout.write('There is no app yet: charthouse app add registers one\n')
  for (const { client, name, type, state } of apps) {
    const at = [...permissions].flatMap(([{ id }, of]) => (of.has(client) ? [`${id} ${of.get(client)?.state}`] : []))
    if (only !== undefined && at.length === 0) continue
    process.stdout.write(`${client}  ${type}  ${state}  ${at.join(', ') || 'no practice'}  ${name}\n`)
  }
}

async function setKeys({ db, settings }: Installation, client: string, source: string) {
  const found = await appNamed(db, client)
  if (!hasKeys(found.type)) throw new Problem('incorrect', `The app ${client} is ${found.type}: it has no keys`)
  const keys = readClientKeys(await keysFrom(source), { isDevelopment: settings.development })
  await setAppKeys(db, client, keys)
  print({ client_id: client, jwks: 'url' in keys ? keys.url : keys.set.keys.map(({ kid }) => kid) })
  await tryKeys({ record: { ...found.record, keys } }, settings.development)
}

async function newSecret({ db }: Installation, client: string, overlapHours: string) {
  const found = await appNamed(db, client)
  if (found.type !== 'symmetric') throw new Problem('incorrect', `The app ${client} is ${found.type}: it has no secret`)
  const hours = Number(overlapHours)
  if (overlapHours === '' || !(hours >= 0 && hours <= 24 * 90)) {
    throw new Problem('incorrect', `--overlap-hours takes a number from 0 to ${24 * 90}, not "${overlapHours}"`)
  }
  print({ client_id: client, client_secret: await addSecret(db, client, hours) })
}

async function permit(
  { db }: Installation,
  client: string,
  { practice: id, scope, type: types, group: groups }: PermitOptions,
) {
  const practice = await practiceNamed(db, id)
  const { record, type } = await appNamed(db, client)
  const scopes = scope ?? record.scopes
  checkScopes(type, scopes)
  const unknown = types?.find((name) => !isResourceType(name))
  if (unknown !== undefined) throw new Problem('incorrect', `"${unknown}" is not a resource type of R4`)
  await permitApp(db, practice.number, client, { scopes, types, groups })
  print({ client_id: client, practice: practice.id, state: 'enabled', scope: scopes, types, groups })
}

async function enable({ db }: Installation, client: string, { practice: id }: SwitchOptions) {
  await appNamed(db, client)
  if (id === undefined) await switchApp(db, { client, state: 'approved' })
  else await switchAppAt(db, await practiceNamed(db, id), { client, state: 'enabled' })
  print({ client_id: client, practice: id, state: id === undefined ? 'approved' : 'enabled' })
}

async function disable({ db }: Installation, client: string, { practice: id, reason }: SwitchOptions) {
  await appNamed(db, client)
  const state = id !== undefined && reason === undefined ? 'disabled' : 'suspended'
  const ended =
    id === undefined
      ? await switchApp(db, { client, state: 'suspended', reason })
      : await switchAppAt(db, await practiceNamed(db, id), { client, state, reason })
  print({ client_id: client, practice: id, state, tokens_ended: ended })
}

/** An option that may stand several times. */
function again(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

function print(content: object) {
  process.stdout.write(`${JSON.stringify(content, undefined, 2)}\n`)
}
