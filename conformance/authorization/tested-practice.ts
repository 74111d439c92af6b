/** A practice with people, records and a group in it, where apps are registered and launched. */
import type { Charthouse } from '../charthouse.ts'
import type { Target } from '../filled-practice.ts'
import { groupToExport, registerExporter } from './exports.ts'
import type { AppWanted, AuthorizationSuite } from './suites.ts'

export type Person = 'patient' | 'clinician'

export interface TestedPractice {
  /** FHIR base URL. */
  readonly url: string
  readonly origin: string
  /** What its addresses begin with. */
  readonly root: string
  /** Whose record is in context. */
  readonly patient: { readonly id: string; readonly family: string; readonly birthDate: string }
  readonly usernames: Readonly<Record<Person, string>>
  readonly password: string
  /** Whose records are exported. */
  readonly group: string
  register(suite: AuthorizationSuite, name: string, wanted: AppWanted): Promise<RegisteredApp>
  launch(client: string): Promise<string>
}

export interface RegisteredApp {
  readonly client_id: string
  readonly client_secret?: string
  /** Its own private keys, as a JWK Set. */
  readonly jwks?: string
}

/** All that an app of the kit may ever ask for. */
const everything = 'openid fhirUser launch launch/patient launch/encounter offline_access patient/*.rs user/*.rs'
const password = 'a password of the kit'

/** Adds its people unless an earlier run did. */
export async function testedPractice(charthouse: Charthouse, target: Target, kit: string): Promise<TestedPractice> {
  const practice = new URL(target.url).pathname.split('/')[1] ?? ''
  const [patient = ''] = target.patients.split(',')
  const read = async <Found>(path: string) => {
    const answer = await fetch(`${target.url}/${path}`, { headers: { authorization: `Bearer ${target.token}` } })
    if (!answer.ok) throw new Error(`Cannot read ${path}: ${answer.status}`)
    return (await answer.json()) as Found
  }
  const firstOf = async (query: string) => {
    const { entry = [] } = await read<{ entry?: { resource: { id: string } }[] }>(query)
    const [first] = entry
    if (!first) throw new Error(`The practice ${practice} has no ${query}`)
    return first.resource.id
  }
  const [practitioner, encounter] = [
    await firstOf('Practitioner?_count=1'),
    await firstOf(`Encounter?patient=${patient}`),
  ]
  const usernames = { patient: 'kit-patient', clinician: 'kit-clinician' }
  const known = await charthouse.run('user', 'list', '--practice', practice)
  const add = async (person: Person, ...args: readonly string[]) => {
    if (known.includes(usernames[person])) return
    const named = ['--practice', practice, '--name', `Kit ${person}`, '--role', person, '--username', usernames[person]]
    await charthouse.tell(`${password}\n`, 'user', 'add', ...named, ...args)
  }
  await add('patient', '--patient', patient)
  await add('clinician', '--practitioner', practitioner)
  const group = await groupToExport(charthouse, practice, target)
  const { name: [name] = [], birthDate = '' } = await read<{ name?: { family?: string }[]; birthDate?: string }>(
    `Patient/${patient}`,
  )
  return {
    ...{ url: target.url, origin: charthouse.url, root: `${charthouse.url}/${practice}`, usernames, password, group },
    patient: { id: patient, family: name?.family ?? '', birthDate },
    async register(suite, title, app) {
      const named = ['--practice', practice, '--name', title, '--type', app.type, '--smart-version', suite.smartVersion]
      if (app.exports) return registerExporter(charthouse, named, { practice, group })
      return JSON.parse(await charthouse.run('app', 'add', ...named, ...optionsOf(app, suite, kit))) as RegisteredApp
    },
    async launch(client) {
      const made = await charthouse.run(
        ...['launch', '--practice', practice, '--client', client, '--user', usernames.clinician],
        ...['--patient', patient, '--encounter', encounter],
      )
      return (JSON.parse(made) as { launch: string }).launch
    },
  }
}

/** Its suites of SMART have pages of their own, all others those of the suite "smart". */
function optionsOf({ type, scope }: AppWanted, { kitSuite, smartVersion }: AuthorizationSuite, kit: string) {
  const keys = ['--jwks', `${kit}/custom/smart_stu2/.well-known/jwks.json`]
  if (type === 'backend') return ['--scope', scope?.('') ?? 'system/*.rs', ...keys]
  const pages = `${kit}/custom/${kitSuite.startsWith('smart') ? kitSuite : 'smart'}`
  return [
    ...['--scope', everything, '--redirect-uri', `${pages}/redirect`, '--launch-uri', `${pages}/launch`],
    ...(smartVersion === '1.0.0' ? ['--pkce', 'none'] : []),
    ...(type === 'asymmetric' ? keys : []),
  ]
}
