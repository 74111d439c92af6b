import type { Command } from 'commander'
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
  practiceNamed,
  readClientKeys,
  readRegistration,
  servesPatients,
  setAppKeys,
} from '#platform'
import { fetchText, permitAppAt } from '#smart'
import type { Installation } from '../app.ts'
import { acting } from './acting.ts'
import { type AddOptions, checkScopes, keysFrom, registrationOf } from './app-options.ts'
import { switchCommands } from './app-switch.ts'
import { action, again, type CliCommand, printJson, withInstallation } from './command.ts'

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
    .option('--use <use>', 'patient, provider, both or bulk; follows from the scopes unless given')
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

async function add(open: Installation, options: AddOptions) {
  const { db, directory, settings } = open
  const practice = await practiceNamed(db, options.practice)
  const read = readRegistration(await registrationOf(options, practice.number), { isDevelopment: settings.development })
  checkScopes(read.type, read.record.scopes)
  const added = await addApp(db, read, 'approved')
  const secret = added.type === 'symmetric' ? await addSecret(db, added.client, 0) : undefined
  tell(open, added.client, 'added')
  const everything = { scopes: read.record.scopes, types: undefined, groups: undefined }
  await permitAppAt(acting(open), practice, { client: added.client, ...everything })
  const { root } = directory.practiceOf(practice)
  printJson({
    client_id: added.client,
    ...(secret !== undefined && { client_secret: secret }),
    ...{ name: added.name, type: added.type, use: added.record.use, practice: practice.id, scope: read.record.scopes },
    fhir_base: directory.scopeOf(practice).bases[0],
    issuer: root,
  })
  await tryKeys(added, settings.development)
}

/** The log has who changed what of an app. */
function tell(open: Installation, client: string, change: 'added' | 'new-keys' | 'new-secret') {
  const { report, user } = acting(open)
  report({ event: 'app-change', change, client, user, practice: undefined, request: undefined })
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
  for (const each of apps) {
    const { client, name, type, state } = each
    const at = [...permissions].flatMap(([{ id }, of]) => (of.has(client) ? [`${id} ${of.get(client)?.state}`] : []))
    if (only !== undefined && at.length === 0) continue
    const isEverywhere = servesPatients(each) && each.record.onlyPractice === undefined
    const places = [...(isEverywhere ? ['patients everywhere'] : []), ...at]
    process.stdout.write(`${client}  ${type}  ${state}  ${places.join(', ') || 'no practice'}  ${name}\n`)
  }
}

async function setKeys(open: Installation, client: string, source: string) {
  const { db, settings } = open
  const found = await appNamed(db, client)
  if (!hasKeys(found.type)) throw new Problem('incorrect', `The app ${client} is ${found.type}: it has no keys`)
  const keys = readClientKeys(await keysFrom(source), { isDevelopment: settings.development })
  await setAppKeys(db, client, keys)
  tell(open, client, 'new-keys')
  printJson({ client_id: client, jwks: 'url' in keys ? keys.url : keys.set.keys.map(({ kid }) => kid) })
  await tryKeys({ record: { ...found.record, keys } }, settings.development)
}

async function newSecret(open: Installation, client: string, overlapHours: string) {
  const found = await appNamed(open.db, client)
  if (found.type !== 'symmetric') throw new Problem('incorrect', `The app ${client} is ${found.type}: it has no secret`)
  const hours = Number(overlapHours)
  if (overlapHours === '' || !(hours >= 0 && hours <= 24 * 90)) {
    throw new Problem('incorrect', `--overlap-hours takes a number from 0 to ${24 * 90}, not "${overlapHours}"`)
  }
  const secret = await addSecret(open.db, client, hours)
  tell(open, client, 'new-secret')
  printJson({ client_id: client, client_secret: secret })
}
