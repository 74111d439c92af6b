import { seeAll } from '#access'
import { isId } from '#fhir'
import { Problem } from '#lib'
import {
  addUser,
  checkNewPassword,
  findUser,
  linkKinds,
  listUsers,
  type PatientLink,
  type PracticeRecord,
  practiceNamed,
  type UserRole,
  userRoles,
} from '#platform'
import { changePassword, forgetFailedSignIns, switchUser } from '#smart'
import type { Installation } from '../app.ts'
import { acting } from './acting.ts'
import { action, type CliCommand, withInstallation } from './command.ts'
import { readPassword } from './read-password.ts'

interface AddOptions {
  readonly practice: string
  readonly name: string
  readonly role: string
  readonly username?: string
  readonly patient?: readonly string[]
  readonly kind?: string
  readonly until?: string
  readonly practitioner?: string
  readonly relatedPerson?: string
}

interface PasswordOptions {
  readonly practice: string
  readonly name: string
}

interface AtPractice {
  readonly practice: string
}

export const user: CliCommand = (program) => {
  const group = program.command('user').description('people with an account at a practice')
  group
    .command('add')
    .description('add a person; their password is read from standard input')
    .requiredOption('--practice <id>')
    .requiredOption('--name <text>', 'as others see it')
    .requiredOption('--role <role>', userRoles.join(', '))
    .option('--username <name>', 'what they sign in with; made from the name unless given')
    .option('--patient <id>', "the patient's own record; of a guardian each record that they may use", again)
    .option('--kind <kind>', `of a guardian: ${linkKinds.slice(1).join(', ')}`)
    .option('--until <date>', 'of a guardian: the first day without it; of a minor the 18th birthday unless given')
    .option('--practitioner <id>', 'the Practitioner who they are')
    .option('--related-person <id>', 'of a guardian: the RelatedPerson who they are')
    .action(action((options: AddOptions) => withInstallation((open) => add(open, options))))
  group
    .command('list')
    .description('list the people of a practice')
    .requiredOption('--practice <id>')
    .action(action((options: AtPractice) => withInstallation((open) => list(open, options))))
  group
    .command('password')
    .description('give a person another password, read from standard input: they are signed out')
    .requiredOption('--practice <id>')
    .requiredOption('--name <name>', 'their user name, or the name that it was made from')
    .action(action((options: PasswordOptions) => withInstallation((open) => setPassword(open, options))))
  for (const isDisabled of [true, false]) {
    group
      .command(isDisabled ? 'disable' : 'enable')
      .argument('<username>')
      .description(
        isDisabled ? 'switch a person off: they are signed out, their apps lose access' : 'switch a person on',
      )
      .requiredOption('--practice <id>')
      .action(
        action((username: string, { practice }: AtPractice) =>
          withInstallation((open) => change(open, practice, { username, isDisabled })),
        ),
      )
  }
  group
    .command('unlock')
    .argument('<username>')
    .description('let a person try again who gave a wrong password too often')
    .requiredOption('--practice <id>')
    .action(
      action((username: string, { practice }: AtPractice) =>
        withInstallation((open) => unlock(open, practice, username)),
      ),
    )
}

function again(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

async function add(installation: Installation, options: AddOptions) {
  const record = await practiceNamed(installation.db, options.practice)
  const role = readRole(options.role)
  const username = options.username ?? usernameFrom(options.name)
  const links = await linksOf(installation, record, role, options)
  const fhirUser = await fhirUserOf(installation, record, role, options)
  const password = await readPassword()
  checkNewPassword(password, username)
  await addUser(installation.db, record.number, { username, name: options.name, role, fhirUser, links }, { password })
  process.stdout.write(`Added ${role} ${username} at practice ${record.id}\n`)
}

function readRole(text: string): UserRole {
  const role = userRoles.find((one) => one === text)
  if (role) return role
  throw new Problem('incorrect', `There is no role "${text}"; there are ${userRoles.join(', ')}`)
}

/** "Ada Weber" signs in as ada.weber. */
function usernameFrom(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '.').replace(/^\.+|\.+$/g, '')
}

async function linksOf(installation: Installation, record: PracticeRecord, role: UserRole, options: AddOptions) {
  const { patient = [], kind, until } = options
  if (kind !== undefined && !linkKinds.some((one) => one === kind)) {
    throw new Problem('incorrect', `There is no kind "${kind}"; there are ${linkKinds.slice(1).join(', ')}`)
  }
  if (until !== undefined && !/^\d{4}-\d\d-\d\d$/.test(until)) {
    throw new Problem('incorrect', `--until takes a date such as 2030-12-31, not "${until}"`)
  }
  const links: PatientLink[] = []
  for (const id of new Set(patient)) {
    const { birthDate } = await resourceAt(installation, record, 'Patient', id)
    const adultOn = adulthood(birthDate)
    const isMinor = adultOn !== undefined && new Date(adultOn) > new Date()
    const asWhom = role === 'patient' ? 'self' : ((kind as PatientLink['kind']) ?? (isMinor ? 'guardian' : 'proxy'))
    links.push({
      patient: id,
      kind: asWhom,
      until: role === 'patient' ? undefined : (until ?? (isMinor ? adultOn : undefined)),
    })
  }
  return links
}

/** The 18th birthday, where the birth date is whole. */
function adulthood(birthDate: string | undefined): string | undefined {
  const [, year, rest] = /^(\d{4})(-\d\d-\d\d)$/.exec(birthDate ?? '') ?? []
  return year && `${Number(year) + 18}${rest === '-02-29' ? '-03-01' : rest}`
}

async function fhirUserOf(
  installation: Installation,
  record: PracticeRecord,
  role: UserRole,
  { patient = [], practitioner, relatedPerson }: AddOptions,
): Promise<string | undefined> {
  if (practitioner !== undefined && relatedPerson !== undefined) {
    throw new Problem('incorrect', 'A person is --practitioner or --related-person, not both')
  }
  if (role === 'patient') return `Patient/${patient[0]}`
  const [type, id] = practitioner === undefined ? ['RelatedPerson', relatedPerson] : ['Practitioner', practitioner]
  if (id === undefined) return undefined
  await resourceAt(installation, record, type, id)
  return `${type}/${id}`
}

async function resourceAt(installation: Installation, record: PracticeRecord, type: string, id: string) {
  const found = isId(id) ? await installation.storeOf(record).read(seeAll, type, id) : undefined
  if (found?.state !== 'current') throw new Problem('not-found', `${type}/${id} is not known at practice ${record.id}`)
  return JSON.parse(found.row.body) as { readonly birthDate?: string }
}

async function list({ db }: Installation, { practice }: AtPractice) {
  const record = await practiceNamed(db, practice)
  const users = await listUsers(db, record.number)
  if (users.length === 0) process.stdout.write(`There is nobody yet: charthouse user add --practice ${record.id}\n`)
  for (const { username, name, role, fhirUser, isDisabled, links } of users) {
    const linked = links.map(({ patient, kind, until }) => `${kind} of ${patient}${until ? ` until ${until}` : ''}`)
    const told = [username, name, role, fhirUser, ...linked, isDisabled && 'disabled'].filter((part) => part)
    process.stdout.write(`${told.join('  ')}\n`)
  }
}

async function setPassword({ db }: Installation, { practice, name }: PasswordOptions) {
  const record = await practiceNamed(db, practice)
  const found = (await findUser(db, record.number, name)) ?? (await findUser(db, record.number, usernameFrom(name)))
  if (!found) throw new Problem('not-found', `There is no user "${name}" at practice ${record.id}`)
  const { username } = found
  const password = await readPassword()
  const ended = await changePassword(acting({ db }), record, { username, password })
  process.stdout.write(`${username} (${found.name}) has another password; ${ended} sign-ins ended\n`)
}

async function change(open: Installation, practice: string, changed: Parameters<typeof switchUser>[2]) {
  const record = await practiceNamed(open.db, practice)
  const ended = await switchUser(acting(open), record, changed)
  const state = changed.isDisabled ? `is off; apps lost ${ended} grants of theirs` : 'is on'
  process.stdout.write(`${changed.username} ${state}\n`)
}

async function unlock({ db }: Installation, practice: string, username: string) {
  const record = await practiceNamed(db, practice)
  const forgotten = await forgetFailedSignIns(db, record.number, username)
  process.stdout.write(`${username} may try again; ${forgotten} failures are forgotten\n`)
}
