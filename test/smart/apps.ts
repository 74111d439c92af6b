/** Apps for tests: registered as the command line does it, with keys of their own. */
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import {
  type App,
  addApp,
  addSecret,
  type Jwk,
  type PracticeRecord,
  permitApp,
  type Registration,
  readRegistration,
} from '#platform'
import type { Acting } from '#smart'
import type { Answer, TestApp } from '../support/test-app.ts'

export interface Key {
  readonly alg: 'ES384' | 'RS384' | 'RS256' | 'ES256'
  readonly kid: string
  readonly privateKey: KeyObject
  /** Its public part. */
  readonly jwk: Jwk
}

export function newKey(kid: string, alg: Key['alg'] = 'ES384'): Key {
  const { privateKey, publicKey } = alg.startsWith('RS')
    ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : generateKeyPairSync('ec', { namedCurve: alg === 'ES384' ? 'P-384' : 'P-256' })
  return {
    alg,
    kid,
    privateKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } as unknown as Jwk,
  }
}

export const keySet = (...keys: readonly Key[]) => JSON.stringify({ keys: keys.map(({ jwk }) => jwk) })

export interface TestClient extends App {
  readonly secret?: string
}

/** Registers an app and permits it, as `app add` does. */
export async function register(
  { installation: { db } }: TestApp,
  practice: PracticeRecord,
  registration: Partial<Registration> & Pick<Registration, 'type'>,
): Promise<TestClient> {
  const scopes = registration.scopes ?? 'system/*.rs'
  const app = await addApp(
    db,
    readRegistration({ name: 'Test app', ...registration, scopes }, { isDevelopment: true }),
    'approved',
  )
  await permitApp(db, practice.number, app.client, { scopes, types: undefined, groups: undefined })
  return app.type === 'symmetric' ? { ...app, secret: await addSecret(db, app.client, 0) } : app
}

/** An administrator at work, of whom nobody is told. */
export function acting({ installation: { db } }: TestApp): Acting {
  return { db, report: () => undefined, user: 'test' }
}

export const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface Made {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
}

/** An assertion as SMART wants it, but for what is given; a member that is undefined is left out. */
export async function assertion(
  key: Key,
  client: string,
  audience: string,
  { claims, header }: Made = {},
): Promise<string> {
  const all = {
    iss: client,
    sub: client,
    aud: audience,
    exp: Math.floor(Date.now() / 1000) + 300,
    jti: randomUUID(),
    ...claims,
  }
  const payload = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  const fields = { alg: key.alg, typ: 'JWT', kid: key.kid, ...header }
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return new SignJWT(payload).setProtectedHeader(given as { alg: string }).sign(key.privateKey)
}

export type Form = Readonly<Record<string, string>> | readonly (readonly [string, string])[]

export function post(app: TestApp, url: string, form: Form, headers: Record<string, string> = {}): Promise<Answer> {
  return app.request({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(form as [string, string][]).toString(),
  })
}

export function basic(client: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${client}:${secret}`).toString('base64')}` }
}

/** The token endpoint of a practice, as test apps have it. */
export const tokenUrl = (practice: PracticeRecord) => `http://localhost:8080/${practice.id}/auth/token`

export interface Backend {
  readonly practice: PracticeRecord
  readonly client: TestClient
  readonly key: Key
}

/** A practice with a backend app, which it permits. */
export async function backendAt(app: TestApp, practice: PracticeRecord, scopes = 'system/*.rs'): Promise<Backend> {
  const key = newKey('k1')
  const client = await register(app, practice, { type: 'backend', scopes, keys: { set: keySet(key) } })
  return { practice, client, key }
}

/** Asks for a token by client_credentials; `form` replaces members, and one that is empty is left out. */
export async function askToken(
  app: TestApp,
  { practice, client, key }: Backend,
  form: Readonly<Record<string, string>> = {},
  made: Made = {},
) {
  const text = form.client_assertion ?? (await assertion(key, client.client, tokenUrl(practice), made))
  const all = {
    grant_type: 'client_credentials',
    scope: 'system/*.rs',
    client_assertion_type: jwtBearer,
    client_assertion: text,
    ...form,
  }
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
  return post(app, `/${practice.id}/auth/token`, sent)
}
