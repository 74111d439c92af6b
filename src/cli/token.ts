import { operator, type Principal, parseScopes, seeAll } from '#access'
import { isId, parseReference } from '#fhir'
import { Problem } from '#lib'
import { type PracticeRecord, practiceNamed } from '#platform'
import { issueAccessToken } from '#smart'
import type { Installation } from '../app.ts'
import { action, type CliCommand, withInstallation } from './command.ts'

interface Options {
  readonly practice: string
  readonly scope: string
  readonly patient?: string
  readonly user?: string
  readonly role?: string
  readonly minutes: string
}

const roles = ['clinician', 'administrator', 'auditor'] as const
const mostMinutes = 60

export const token: CliCommand = (program) =>
  void program
    .command('token')
    .description('print an access token of a practice (and nothing else)')
    .requiredOption('--practice <id>')
    .requiredOption('--scope <scopes>', 'such as "system/*.rs" or "patient/Observation.rs patient/Patient.r"')
    .option('--patient <id>', 'the patient in context, which patient/ scopes need')
    .option(
      '--user <reference>',
      'the person, as Practitioner/ID, Patient/ID or RelatedPerson/ID, which user/ scopes need',
    )
    .option('--role <role>', `of a practitioner: ${roles.join(', ')}`)
    .option('--minutes <n>', `how long it lives, at most ${mostMinutes}`, String(mostMinutes))
    .action(action((options: Options) => withInstallation((installation) => print(installation, options))))

async function print(installation: Installation, options: Options) {
  const record = await practiceNamed(installation.db, options.practice)
  checkScopes(options)
  const person = await personOf(installation, record, options)
  const text = await issueAccessToken(installation.db, {
    practice: record.number,
    client: operator,
    scope: options.scope,
    seconds: minutesOf(options) * 60,
    ...person,
  })
  process.stdout.write(`${text}\n`)
}

function checkScopes({ scope, patient, user }: Options) {
  const { resources, problems } = parseScopes(scope)
  const [problem] = problems
  if (problem) throw problem
  if (resources.length === 0) throw new Problem('incorrect', `"${scope}" has no scope of resources such as system/*.rs`)
  if (resources.some(({ level }) => level === 'patient') && patient === undefined) {
    throw new Problem('incorrect', 'A patient/ scope needs the patient in context: add --patient ID')
  }
  if (resources.some(({ level }) => level === 'user') && user === undefined) {
    throw new Problem('incorrect', 'A user/ scope needs the person: add --user Practitioner/ID')
  }
  if (patient !== undefined && !isId(patient))
    throw new Problem('incorrect', `"${patient}" is not the id of a resource`)
}

function minutesOf({ minutes }: Options): number {
  const value = Number(minutes)
  if (Number.isFinite(value) && value > 0 && value <= mostMinutes) return value
  throw new Problem('incorrect', `--minutes takes a number up to ${mostMinutes}, not "${minutes}"`)
}

type Person = Pick<Principal, 'patients'> & { readonly user?: string; readonly role?: NonNullable<Principal['role']> }

/** Who the token is: role and patients in context follow from the person where they are not given. */
async function personOf(
  installation: Installation,
  record: PracticeRecord,
  { user, role, patient }: Options,
): Promise<Person> {
  const given = patient === undefined ? [] : [patient]
  if (user === undefined) return { patients: given }
  const parsed = parseReference(user)
  if (parsed.kind !== 'relative') throw new Problem('incorrect', `"${user}" is not a person such as Practitioner/ID`)
  switch (parsed.type) {
    case 'Practitioner':
      return { patients: given, user, role: readRole(role) }
    case 'Patient':
      return { patients: given.length > 0 ? given : [parsed.id], user, role: 'patient' }
    case 'RelatedPerson':
      return {
        patients: given.length > 0 ? given : await patientsOf(installation, record, parsed.id),
        user,
        role: 'guardian',
      }
    default:
      throw new Problem('incorrect', `"${user}" is not a person: Practitioner, Patient or RelatedPerson is wanted`)
  }
}

function readRole(role = 'clinician'): (typeof roles)[number] {
  const known = roles.find((one) => one === role)
  if (!known) throw new Problem('incorrect', `There is no role "${role}"; there are ${roles.join(', ')}`)
  return known
}

/** The patient whose guardian a RelatedPerson is. */
async function patientsOf(installation: Installation, record: PracticeRecord, id: string): Promise<string[]> {
  const found = await installation.storeOf(record).read(seeAll, 'RelatedPerson', id)
  if (found.state !== 'current') throw new Problem('not-found', `RelatedPerson/${id} is not known at ${record.id}`)
  const { patient } = JSON.parse(found.row.body) as { patient?: { reference?: string } }
  const parsed = parseReference(patient?.reference ?? '', installation.directory.scopeOf(record).bases)
  return parsed.kind === 'relative' ? [parsed.id] : []
}
