import type { Practice } from '#http'
import { type App, permittedTo } from '#platform'
import { type Actor, isLinkedTo, launchedActor, readerOf, sideOf, worksHere } from '../actor.ts'
import { styleUrl } from '../discovery/style-document.ts'
import type { FlowParts } from '../flow-parts.ts'
import { OAuthProblem } from '../oauth/oauth-problem.ts'
import { addLaunch, type LaunchedPerson } from '../tokens/launch-store.ts'
import { type LaunchContext, readFhirContext } from './launch-context.ts'

/** What an EHR says when it launches an app for somebody whom it has signed in (specs/smart.md 5.3). */
export interface LaunchAsked {
  /** client_id of the app. */
  readonly app: string
  /** A user name of this practice, or `Practitioner/ID`. */
  readonly user: string
  readonly patient?: string | undefined
  readonly encounter?: string | undefined
  /** Whether the app has to show whose chart it is; yes unless the EHR shows it. */
  readonly needsBanner?: boolean
  /** Where a style document is; ours unless given. */
  readonly style?: string | undefined
  readonly intent?: string | undefined
  /** JSON. */
  readonly fhirContext?: string | undefined
}

export interface Launched {
  readonly launch: string
  readonly app: App
}

interface Making {
  readonly practice: Practice
  /** The client of the EHR, or the operator. */
  readonly maker: string
  /** Id of its request; undefined: on a command line. */
  readonly request?: string
}

type Parts = Pick<FlowParts, 'db' | 'apps' | 'charts' | 'now' | 'report'> & {
  readonly sessions: Pick<FlowParts['sessions'], 'personNamed'>
}

/** Makes a launch; throws with what the EHR has to mend. */
export async function launchApp(
  parts: Parts,
  { practice, maker, request }: Making,
  asked: LaunchAsked,
): Promise<Launched> {
  const app = await appToLaunch(parts, asked.app)
  const { person, actor } = await personFor(parts, practice, asked.user)
  const given = await parts.apps.permission(practice.number, app.client)
  const { closed } = permittedTo(sideOf(actor), { app, given, practice })
  if (closed !== undefined) throw wrong(closed)
  const patient = idIn('patient', 'Patient', asked.patient)
  const encounter = idIn('encounter', 'Encounter', asked.encounter)
  if (patient !== undefined) await checkPatient(parts, practice, { actor, patient })
  if (encounter !== undefined) await checkEncounter(parts, practice, { actor, patient, encounter })
  const context: LaunchContext = {
    ...(patient !== undefined && { patient }),
    ...(encounter !== undefined && { encounter }),
    need_patient_banner: asked.needsBanner ?? true,
    smart_style_url: asked.style === undefined ? styleUrl(practice) : checkedUrl(asked.style),
    ...(asked.intent !== undefined && { intent: asked.intent }),
    ...(asked.fhirContext !== undefined && { fhirContext: readFhirContext(asked.fhirContext) }),
    tenant: practice.id,
  }
  const launch = await addLaunch(parts.db, { practice: practice.number, client: app.client, maker, person, context })
  parts.report({
    ...{ event: 'launch', practice: practice.id, client: app.client, maker, request },
    user: person.fhirUser ?? actor.fhirUser,
  })
  return { launch, app }
}

async function appToLaunch({ apps }: Parts, client: string): Promise<App> {
  const app = await apps.app(client)
  if (app && app.type !== 'backend') return app
  throw wrong(`There is no app "${client}" that can be launched`)
}

interface Found {
  readonly person: LaunchedPerson
  readonly actor: Actor
}

/** Whom the EHR has signed in: an account here, or staff that has none. */
async function personFor(
  { sessions, now }: Pick<Parts, 'sessions' | 'now'>,
  practice: Practice,
  user: string,
): Promise<Found> {
  const at = new Date(now())
  const person = personIn(user)
  if (person.fhirUser !== undefined) return { person, actor: launchedActor(person, at) }
  const known = await sessions.personNamed(practice, user)
  if (!known)
    throw wrong(`There is no user "${user}" at ${practice.name}, and it is no reference such as Practitioner/ID`)
  return { person: { username: known.username }, actor: { ...known, signedInAt: at, session: undefined } }
}

/** An account here, or staff by reference. */
export function personIn(user: string): LaunchedPerson {
  const isReference = /^Practitioner(?:Role)?\/[A-Za-z0-9.-]{1,64}$/.test(user)
  return isReference ? { fhirUser: user, role: 'clinician' } : { username: user }
}

/** The launch opens nothing that its person may not see. */
async function checkPatient(
  { charts }: Parts,
  practice: Practice,
  { actor, patient }: { readonly actor: Actor; readonly patient: string },
): Promise<void> {
  const isSeen = worksHere(actor)
    ? (await charts.patient(practice, readerOf(actor), patient)) !== undefined
    : isLinkedTo(actor, patient)
  if (!isSeen) throw wrong(`There is no patient "${patient}" whom the user may see`)
}

interface Visited {
  readonly actor: Actor
  readonly patient: string | undefined
  readonly encounter: string
}

/** An app would take the visit of one patient for another's. */
async function checkEncounter({ charts }: Parts, practice: Practice, visit: Visited): Promise<void> {
  const { actor, patient, encounter } = visit
  if (patient === undefined) throw wrong(`The launch has the encounter "${encounter}" and no patient: name whose it is`)
  if (await charts.isVisitOf(practice, readerOf(actor), { encounter, patient })) return
  throw wrong(`There is no encounter "${encounter}" of the patient "${patient}" that the user may see`)
}

/** `ID` or `Type/ID`. */
function idIn(name: string, type: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const id = text.startsWith(`${type}/`) ? text.slice(type.length + 1) : text
  if (/^[A-Za-z0-9.-]{1,64}$/.test(id)) return id
  throw wrong(`The parameter ${name} is not the id of a resource`)
}

function checkedUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw wrong('The parameter smart_style_url is not an absolute https URL')
}

function wrong(sentence: string): OAuthProblem {
  return new OAuthProblem('invalid_request', sentence)
}
