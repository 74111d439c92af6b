/** The person in front of the kit: goes where a waiting test says, signs in, chooses, allows. */
import { Browser, type Place } from './browser.ts'
import { type SessionResult, visit } from './kit-server.ts'
import { type Fields, type FormIn, formsIn, textOf } from './page-reader.ts'
import type { Step } from './suites.ts'
import type { TestedPractice } from './tested-practice.ts'

/** Sign-in, patient, encounter, consent, and some to spare. */
const mostPages = 8

export interface Tester {
  readonly practice: TestedPractice
  readonly step: Step
  /** Launches the app of this group as an EHR. */
  launch(): Promise<string>
}

/** Does what a waiting test waits for; comes back when the kit waits again or is done. */
export async function goOn(tester: Tester, { outputs }: SessionResult): Promise<void> {
  const told = new Map(outputs.map(({ name, value }) => [name, value ?? '']))
  const [launchUri, authorizationUrl] = [told.get('launch_uri'), told.get('authorization_url')]
  if (launchUri) {
    const query = new URLSearchParams({ iss: told.get('target_iss') ?? '', launch: await tester.launch() })
    return visit(`${launchUri}?${query}`)
  }
  if (!authorizationUrl) throw new Error(`The kit waits, and says only ${[...told.keys()].join(', ')}`)
  const browser = new Browser(tester.practice.origin)
  const end = await decide(tester, browser, await ask(browser, authorizationUrl))
  if ('elsewhere' in end) return visit(end.elsewhere)
  const failed = told.get('attest_launch_failed_url')
  if (failed && end.status >= 400) return visit(failed)
  throw new Error(`Nobody was sent back to the app: ${end.status} ${textOf(end.body).slice(0, 500)}`)
}

/** The kit's page for requests by POST would submit itself with a script. */
function ask(browser: Browser, authorizationUrl: string): Promise<Place> {
  const url = new URL(authorizationUrl)
  if (!url.pathname.endsWith('/post_auth')) return browser.open(authorizationUrl)
  const { auth_url = '', ...fields } = Object.fromEntries(url.searchParams)
  return browser.post(auth_url, Object.entries(fields))
}

async function decide(tester: Tester, browser: Browser, start: Place): Promise<Place> {
  let place = start
  for (let page = 0; page < mostPages; page++) {
    if ('elsewhere' in place) return place
    const forms = formsIn(place.body)
    const answer = answers.find(({ step }) => forms.some((form) => form.step === step))
    const form = forms.find(({ step }) => step === answer?.step)
    if (!answer || !form) return place
    const filled = await answer.fill(tester, form)
    const names = new Set(filled.map(([name]) => name))
    place = await browser.post(form.action, [...form.fields.filter(([name]) => !names.has(name)), ...filled])
  }
  return place
}

interface PageAnswer {
  readonly step: string
  readonly fill: (tester: Tester, form: FormIn) => Fields | Promise<Fields>
}

const answers: readonly PageAnswer[] = [
  {
    step: 'consent',
    fill: ({ step: { ticks } }, form) => [
      ...(ticks ? ticks(form.choices('scope')).map((scope) => ['scope', scope] as const) : []),
      ['decision', 'allow'],
    ],
  },
  { step: 'choose-encounter', fill: (_, form) => [['encounter', form.choices('encounter')[0] ?? '']] },
  { step: 'choose-patient', fill: ({ practice }) => [['patient', practice.patient.id]] },
  {
    step: 'search-patient',
    fill: ({ practice: { patient } }) => [
      ['name', patient.family],
      ['birthdate', patient.birthDate],
    ],
  },
  {
    step: 'sign-in',
    fill: ({ practice, step: { person = 'clinician' } }) => [
      ['username', practice.usernames[person]],
      ['password', practice.password],
    ],
  },
]
