/** Every page with data of every kind; `text` and `url` stand in every place that somebody else fills in. */
import { Problem } from '#lib'
import type { Page } from '#ui'
import { closedPage } from '../../src/smart/screens/closed.ts'
import { consentPage } from '../../src/smart/screens/consent.ts'
import { encounterPickerPage } from '../../src/smart/screens/encounter-picker.ts'
import { errorPage } from '../../src/smart/screens/error.ts'
import type { FlowFrame } from '../../src/smart/screens/frame.ts'
import { myAppsPage } from '../../src/smart/screens/my-apps.ts'
import { type PatientCard, patientPickerPage } from '../../src/smart/screens/patient-picker.ts'
import { ownSignInPage, signInPage } from '../../src/smart/screens/sign-in.ts'
import { signedOutPage, signOutPage } from '../../src/smart/screens/signed-out.ts'
import { staleFormPage } from '../../src/smart/screens/stale-form.ts'
import { tokenPage } from '../../src/smart/screens/token-page.ts'

export function samplePages(text: string, url = 'https://app.example/x'): Readonly<Record<string, Page>> {
  const app = { name: text, developer: text, isVerified: true, logo: url, policy: url, terms: url }
  const frame: FlowFrame = {
    ...{ brand: { name: text, logo: url, contact: text }, timeZone: 'America/Chicago', requestId: text },
    ...{ app, action: 'https://fhir.example/north/auth/continue', pending: text, csrf: text },
    returnsTo: 'https://app.example/cb',
    signedIn: text,
  }
  const errors = [{ sentence: text }]
  const patient: PatientCard = { id: text, name: text, birthDate: text, sex: text, recordNumber: text, kind: text }
  const child: PatientCard = { id: 'p2', name: text, birthDate: '2019-02', sex: 'female', kind: 'parent' }
  const personas = [{ username: text, password: text, about: text }]
  const since = new Date('2026-03-01T12:00:00Z')
  const grant = { grant: text, app, scope: `patient/*.rs ${text}`, patientName: text, since }
  const own = { action: '/auth/manage', csrf: text, personName: text, signOut: '/auth/sign-out' }
  return {
    signIn: signInPage({ ...frame, username: text, errors: [{ field: 'username', sentence: text }], personas }),
    ownSignIn: ownSignInPage({ ...frame, personas, errors }),
    patientsLinked: patientPickerPage({ ...frame, people: { from: 'links', patients: [patient, child] }, errors }),
    patientsNone: patientPickerPage({ ...frame, people: { from: 'links', patients: [] } }),
    patientsSearched: patientPickerPage({
      ...frame,
      people: {
        from: 'search',
        query: { name: text, birthDate: text, recordNumber: text },
        found: [patient],
        hasMore: true,
      },
      errors: [{ field: 'birthdate', sentence: text }],
    }),
    patientsUnsearched: patientPickerPage({ ...frame, people: { from: 'search', recent: [patient] } }),
    patientsNotFound: patientPickerPage({ ...frame, people: { from: 'search', found: [] } }),
    encounters: encounterPickerPage({
      ...{ ...frame, patientName: text, errors },
      encounters: [{ id: text, what: text, from: since, with: text }],
    }),
    consent: consentPage({
      ...{ ...frame, personName: text, patientName: text },
      requested: `openid fhirUser offline_access patient/*.rs user/Observation.cruds patient/Condition.rs?category=a|b ${text}`,
      offline: { isTicked: true, until: text, earliest: text, latest: text },
      errors: [{ field: 'until', sentence: text }],
    }),
    consentRefused: consentPage({
      ...{ ...frame, personName: text, requested: 'patient/Observation.rs patient/Condition.read' },
      ticked: ['patient/Condition.read'],
      errors: [{ field: 'scope', sentence: text }],
    }),
    myApps: myAppsPage({ ...frame, ...own, apps: [{ ...grant, until: since }], asked: text }),
    myAppsStopped: myAppsPage({ ...frame, ...own, apps: [grant], stopped: { app: text, at: since } }),
    myAppsNone: myAppsPage({ ...frame, ...own, apps: [], error: text }),
    tokens: tokenPage({
      ...{ ...frame, address: '/token', csrf: text, code: text, error: text },
      ...{ personName: text, manage: '/auth/manage', signOut: '/auth/sign-out' },
      made: {
        ...{ answer: { access_token: text, [text]: text }, refreshToken: text },
        ...{ seconds: 899, expires: since, isRefreshed: true },
      },
    }),
    signOut: signOutPage({ ...frame, action: '/auth/sign-out', csrf: text, held: { state: text } }),
    signedOut: signedOutPage({ ...frame, signIn: '/auth/sign-in' }),
    closed: closedPage({ ...frame, sentence: text }),
    stale: staleFormPage({ ...frame, goOn: '/auth/continue' }),
    error: errorPage({ ...frame, problem: new Problem('incorrect', text) }),
    fault: errorPage({
      brand: { name: 'charthouse' },
      timeZone: 'UTC',
      requestId: '1',
      problem: new Problem('fault', 'X'),
    }),
  }
}
