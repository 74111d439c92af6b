import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Registration, readRegistration } from './registration.ts'

const set = JSON.stringify({ keys: [{ kty: 'EC', crv: 'P-384', kid: 'k1', x: 'x', y: 'y' }] })
const backend: Registration = { name: 'Lab feed', type: 'backend', scopes: 'system/*.rs', keys: { set } }
const open: Registration = {
  name: 'App',
  type: 'public',
  scopes: 'patient/*.rs',
  redirectUris: ['https://app.example/cb'],
}
const confidential: Registration = { ...open, type: 'symmetric' }
const keys = (...list: object[]) => ({ ...backend, keys: { set: JSON.stringify({ keys: list }) } })

for (const [what, registration, sentence] of [
  ['an empty name', { ...open, name: ' ' }, /1 to 200 characters/],
  ['a type of nobody', { ...open, type: 'native' }, /"native" is not a type: there are public, symmetric/],
  ['a backend app without keys', { ...backend, keys: undefined }, /needs a JWKS/],
  ['a backend app with pages', { ...backend, redirectUris: ['https://app.example/cb'] }, /has no pages/],
  ['an app with users without redirect URI', { ...open, redirectUris: [] }, /needs a redirect URI/],
  ['a public app with keys', { ...open, keys: { set } }, /has no keys/],
  ['a public app without PKCE', { ...open, pkce: 'none' }, /must use PKCE/],
  ['PKCE by plain', { ...confidential, pkce: 'plain' }, /"plain" is not a PKCE/],
  ['SMART 3', { ...open, smartVersion: '3' }, /"3" is not a SMART version/],
  ['a redirect URI by http', { ...open, redirectUris: ['http://app.example/cb'] }, /https is wanted/],
  ['a redirect URI with a wildcard', { ...open, redirectUris: ['https://*.example/cb'] }, /wildcards|not an absolute/],
  ['a redirect URI with a fragment', { ...open, redirectUris: ['https://app.example/cb#x'] }, /fragment/],
  ['a redirect URI with a name', { ...open, redirectUris: ['https://a@app.example/cb'] }, /name or password/],
  ['a redirect URI that is relative', { ...open, redirectUris: ['/cb'] }, /absolute URL/],
  ['a redirect URI that is a script', { ...open, redirectUris: ['javascript:alert(1)'] }, /https is wanted/],
  ['loopback for an app with a secret', { ...confidential, redirectUris: ['http://localhost/cb'] }, /https is wanted/],
  [
    'a scheme of its own for an app with a secret',
    { ...confidential, redirectUris: ['com.example.app:/cb'] },
    /https is wanted/,
  ],
  [
    'a redirect URI with letters that no header holds',
    { ...open, redirectUris: ['https://app.example/日本'] },
    /ASCII/,
  ],
  ['a logo whose host would end a policy', { ...open, logo: 'https://a;sandbox/logo.png' }, /host is not a name/],
  ['an origin with a path', { ...open, origins: ['https://app.example/'] }, /scheme, host and port alone/],
  ['a logo by http', { ...open, logo: 'http://app.example/logo.png' }, /as logo: https is wanted/],
  ['a JWKS URL by http', { ...backend, keys: { url: 'http://app.example/jwks' } }, /as JWKS URL: https is wanted/],
  ['a set that is not JSON', { ...backend, keys: { set: 'PEM' } }, /not JSON/],
  ['a set that is a list', { ...backend, keys: { set: '[]' } }, /no list "keys"/],
  ['a set without keys', keys(), /no key$/],
  ['a key without kid', keys({ kty: 'RSA' }), /no "kid"/],
  ['a key without kty', keys({ kid: 'a' }), /no "kty"/],
  ['a private key', keys({ kty: 'EC', crv: 'P-384', kid: 'a', d: 'secret' }), /"a" is a private one/],
  ['a symmetric key', keys({ kty: 'oct', kid: 'a', k: 'secret' }), /"a" is a private one/],
  [
    'a use of nobody',
    { ...open, use: 'everybody' },
    /"everybody" is not a use: there are patient, provider, both, bulk/,
  ],
  ['a backend app of patients', { ...backend, use: 'patient' }, /backend app is bulk, and no other is/],
  [
    'an app of patients that makes launches',
    { ...confidential, use: 'patient', trustedLaunch: true },
    /makes no launches/,
  ],
  ['keys of which none can sign an assertion', keys({ kty: 'EC', crv: 'P-256', kid: 'a' }), /P-384/],
] as readonly (readonly [string, Registration, RegExp])[]) {
  test(`readRegistration() refuses ${what}`, () => {
    assert.throws(() => readRegistration(registration, { isDevelopment: false }), {
      name: 'Problem',
      message: sentence,
    })
  })
}

for (const [what, registration] of [
  [
    'a port of the own device',
    { ...open, redirectUris: ['http://127.0.0.1:7777/cb', 'http://[::1]/cb', 'http://localhost/cb'] },
  ],
  ['a scheme of its own', { ...open, redirectUris: ['com.example.app:/cb'] }],
  ['no PKCE for an app with a secret', { ...confidential, pkce: 'none' }],
  ['a JWKS URL', { ...backend, keys: { url: 'https://app.example/jwks' } }],
] as readonly (readonly [string, Registration])[]) {
  test(`readRegistration() admits ${what}`, () => void readRegistration(registration, { isDevelopment: false }))
}

test('in development http is admitted, and loopback for every type', () => {
  const rules = { isDevelopment: true }
  readRegistration({ ...confidential, redirectUris: ['http://localhost:9000/cb'] }, rules)
  readRegistration({ ...backend, keys: { url: 'http://127.0.0.1:9000/jwks' } }, rules)
})

test('readRegistration() keeps addresses as they were given, since they are compared as text', () => {
  const { record } = readRegistration(
    { ...open, redirectUris: ['https://APP.example:443/cb?x='] },
    { isDevelopment: false },
  )
  assert.deepEqual(record.redirectUris, ['https://APP.example:443/cb?x='])
})

for (const [what, registration, use] of [
  ['asks for nothing but patient/ scopes', open, 'patient'],
  ['asks for user/ scopes', { ...open, scopes: 'patient/*.rs user/*.rs' }, 'provider'],
  ['is launched', { ...open, scopes: 'launch patient/*.rs' }, 'provider'],
  ['asks for launch/patient', { ...open, scopes: 'launch/patient patient/*.rs' }, 'patient'],
  ['has a launch address', { ...open, launchUris: ['https://app.example/launch'] }, 'provider'],
  ['is trusted', { ...confidential, skipConsent: true }, 'provider'],
  ['has no users', backend, 'bulk'],
  ['says so', { ...open, use: 'both' }, 'both'],
] as readonly (readonly [string, Registration, string])[]) {
  test(`readRegistration() takes an app that ${what} for one of use ${use}`, () => {
    assert.equal(readRegistration(registration, { isDevelopment: false }).record.use, use)
  })
}
