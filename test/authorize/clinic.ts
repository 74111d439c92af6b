/** A practice with its people, records and apps, and what an app does there: ask, exchange, refresh. */
import { hash, randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { addUser, type NewUser, type PracticeRecord, type Registration } from '#platform'
import { openInstallation, serverOf } from '../../src/app.ts'
import { register, type TestClient } from '../smart/apps.ts'
import type { Answer, TestApp } from '../support/test-app.ts'
import { Browser, type Fields, type Shown } from './browser.ts'

export const redirectUri = 'https://app.example/cb'
export const password = 'correct horse battery'

/** Everything that most tests ask for. */
export const usual =
  'openid fhirUser launch/patient offline_access patient/Patient.rs patient/Observation.rs patient/Condition.rs'
const registered = `openid fhirUser profile launch launch/patient launch/encounter offline_access online_access patient/*.cruds user/*.cruds`

export interface Clinic {
  readonly app: TestApp
  readonly practice: PracticeRecord
  readonly root: string
  readonly base: string
}

export async function clinicAt(
  app: TestApp,
  id: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Clinic> {
  const practice = await app.addPractice(id, { tokenRequestsPerMinute: '100000', name: `Clinic ${id}`, ...settings })
  await app.load(practice, records)
  const { db } = app.installation
  for (const user of people) await addUser(db, practice.number, user, { password })
  const root = `http://localhost:8080/${id}`
  return { app, practice, root, base: `${root}/fhir/r4` }
}

const patient = (id: string, family: string, birthDate: string) => ({
  ...{ resourceType: 'Patient', id, birthDate, gender: 'female' },
  name: [{ family, given: ['Ann'] }],
  identifier: [{ type: { coding: [{ code: 'MR' }] }, value: `mrn-${id}` }],
})
const category = (code: string) => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
]
const observation = (id: string, of: string, code: string) => ({
  ...{ resourceType: 'Observation', id, status: 'final', code: { text: 'x' }, category: category(code) },
  subject: { reference: `Patient/${of}` },
})
const records = [
  patient('p1', 'Adams', '1970-01-02'),
  patient('p2', 'Brown', '2015-03-04'),
  patient('p3', 'Clark', '2017-05-06'),
  { resourceType: 'Practitioner', id: 'dr1', name: [{ family: 'Weber' }] },
  { resourceType: 'RelatedPerson', id: 'rp1', patient: { reference: 'Patient/p2' } },
  observation('vital1', 'p1', 'vital-signs'),
  observation('lab1', 'p1', 'laboratory'),
  observation('lab2', 'p2', 'laboratory'),
  {
    ...{ resourceType: 'Condition', id: 'c1', subject: { reference: 'Patient/p1' }, code: { text: 'y' } },
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-category', code: 'problem-list-item' }] },
    ],
  },
  {
    ...{ resourceType: 'Encounter', id: 'e1', status: 'finished', class: { code: 'AMB' } },
    ...{ subject: { reference: 'Patient/p1' }, period: { start: '2026-01-02' } },
  },
]

const people: readonly NewUser[] = [
  { username: 'dr', name: 'Dr. Weber', role: 'clinician', fhirUser: 'Practitioner/dr1', links: [] },
  {
    ...{ username: 'ann', name: 'Ann Adams', role: 'patient', fhirUser: 'Patient/p1' },
    links: [{ patient: 'p1', kind: 'self' }],
  },
  {
    ...{ username: 'guardian', name: 'Bea Brown', role: 'guardian', fhirUser: 'RelatedPerson/rp1' },
    links: [
      { patient: 'p2', kind: 'parent' },
      { patient: 'p3', kind: 'parent' },
    ],
  },
  { username: 'admin', name: 'Ada Admin', role: 'administrator', fhirUser: undefined, links: [] },
]

export function appAt({ app, practice }: Clinic, registration: Partial<Registration> = {}): Promise<TestClient> {
  return register(app, practice, {
    type: 'symmetric',
    redirectUris: [redirectUri],
    scopes: registered,
    ...registration,
  })
}

/** Another server process on the same database. */
export async function secondServer({ installation }: TestApp): Promise<{ server: FastifyInstance } & AsyncDisposable> {
  const other = await openInstallation(installation.settings)
  const { server } = await serverOf(other, undefined)
  await server.ready()
  return {
    server,
    async [Symbol.asyncDispose]() {
      await server.close()
      await other.close()
    },
  }
}

export const newVerifier = () => randomBytes(48).toString('base64url')
export const challengeOf = (verifier: string) => hash('sha256', verifier, 'base64url')

/** The parameters of an authorization request; one that is undefined is left out. */
export function request(
  { base }: Clinic,
  { client }: TestClient,
  changes: Readonly<Record<string, string | undefined>> = {},
): Fields {
  const all: Record<string, string | undefined> = {
    ...{ response_type: 'code', client_id: client, redirect_uri: redirectUri, scope: usual, state: 's1', aud: base },
    ...{ code_challenge: challengeOf(verifier), code_challenge_method: 'S256' },
    ...changes,
  }
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
}

/** Of `request`, unless a test has its own. */
export const verifier = newVerifier()

export function authorizeUrl({ root }: Clinic, fields: Fields): string {
  return `${root}/auth/authorize?${new URLSearchParams(fields as [string, string][])}`
}

/** What came back to the app by redirect. */
export function answerOf(page: Shown): URLSearchParams {
  const { location } = page.headers
  if (typeof location !== 'string' || !location.startsWith(redirectUri)) {
    throw new Error(
      `Nobody was sent back to the app: ${page.status} ${page.body.replace(/<style>.*?<\/style>/s, '').slice(0, 2000)}`,
    )
  }
  return new URL(location).searchParams
}

/** Signs in and allows everything as it is offered; ends at the app. */
export async function allow(
  browser: Browser,
  page: Shown,
  username: string,
  filled: Fields = [],
): Promise<URLSearchParams> {
  const signedIn = await browser.submit(page, 'sign-in', [
    ['username', username],
    ['password', password],
  ])
  return answerOf(await browser.submit(signedIn, 'consent', [['decision', 'allow'], ...filled]))
}

/** The whole way of an app to its code. */
export async function codeFor(
  clinic: Clinic,
  client: TestClient,
  { username = 'ann', ...changes }: Readonly<Record<string, string | undefined>> = {},
): Promise<string> {
  const browser = new Browser(clinic.app.server)
  const page = await browser.open(authorizeUrl(clinic, request(clinic, client, changes)))
  const answer = await allow(browser, page, username ?? '')
  return answer.get('code') ?? ''
}

/** Posts to the token endpoint as the app. */
export async function token(
  { app, root }: Clinic,
  client: TestClient,
  fields: Readonly<Record<string, string | undefined>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return app.request({
    method: 'POST',
    url: `${new URL(root).pathname}/auth/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...credentials(client), ...headers },
    payload: new URLSearchParams({
      ...Object.fromEntries(given),
      ...(client.secret === undefined && !('client_id' in fields) && { client_id: client.client }),
    }).toString(),
  })
}

export function credentials({ client, secret }: TestClient): Record<string, string> {
  return secret === undefined ? {} : { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` }
}

export function exchange(
  clinic: Clinic,
  client: TestClient,
  code: string,
  changes: Readonly<Record<string, string | undefined>> = {},
) {
  return token(clinic, client, {
    ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier },
    ...changes,
  })
}

export function refresh(
  clinic: Clinic,
  client: TestClient,
  refreshToken: string,
  changes: Readonly<Record<string, string | undefined>> = {},
) {
  return token(clinic, client, { grant_type: 'refresh_token', refresh_token: refreshToken, ...changes })
}
