import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import type { App } from '#platform'
import { offeredScopes } from './offered-scopes.ts'

const registered = 'openid fhirUser offline_access patient/*.rs user/Observation.rs system/*.rs'

function offered(
  scope: string,
  options: { permitted?: string; types?: string[]; fhirUser?: string | undefined; isLaunched?: boolean } = {},
) {
  const { permitted = registered, types, isLaunched = false } = options
  const { others, resources } = offeredScopes({
    practice: { dialect: dialects.integra },
    app: { record: { scopes: registered } } as unknown as App,
    permission: { scopes: permitted, types },
    fhirUser: 'fhirUser' in options ? options.fhirUser : 'Patient/1',
    ...{ isLaunched, scope },
  })
  return [...others.map(({ spelt }) => spelt), ...resources.map(({ text }) => text)].join(' ')
}

for (const [scope, expected, options] of [
  ['openid launch/patient patient/Patient.read', 'openid launch/patient patient/Patient.read', {}],
  ['offline openid profile', 'offline openid', {}],
  ['launch openid', 'openid', {}],
  ['launch openid', 'launch openid', { isLaunched: true }],
  ['patient/Observation.rs?category=a|b', 'patient/Observation.rs?category=a|b', {}],
  ['patient/Patient.cruds', 'patient/Patient.rs', {}],
  ['system/Patient.rs patient/Foo.rs patient/Patient.dus', '', {}],
  ['user/Observation.rs patient/Goal.rs fhirUser', 'patient/Goal.rs', { fhirUser: undefined }],
  ['patient/Observation.rs patient/Goal.rs', 'patient/Goal.rs', { permitted: 'patient/Goal.rs' }],
  ['patient/*.rs', 'patient/Goal.rs', { types: ['Goal'] }],
  ['patient/Goal.rs patient/Goal.rs', 'patient/Goal.rs', {}],
] as const) {
  test(`offeredScopes() of ${scope} ${JSON.stringify(options)}`, () => {
    assert.equal(offered(scope, options as object), expected)
  })
}
