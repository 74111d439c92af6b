import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import { processorMs } from '../../../test/support/processor-time.ts'
import { askedScopes, resourceScopes } from './asked-scopes.ts'

test('askedScopes() gives each scope once', () => {
  const asked = askedScopes(' system/Patient.rs  openid system/Patient.rs', { dialect: dialects.standard })
  assert.deepEqual(
    asked.map(({ scope }) => scope),
    ['system/Patient.rs', 'openid'],
  )
})

test('askedScopes() keeps the spelling of an alias beside what it means', () => {
  assert.deepEqual(askedScopes('offline', { dialect: dialects.integra }), [
    { spelt: 'offline', scope: 'offline_access' },
  ])
  assert.deepEqual(askedScopes('offline', { dialect: dialects.standard }), [{ spelt: 'offline', scope: 'offline' }])
})

test('askedScopes() takes the stray backslash off in the dialect that has it', () => {
  assert.deepEqual(
    askedScopes('system/Patient.rs\\ system/Patient.rs', { dialect: dialects.modmed }).map(({ spelt }) => spelt),
    ['system/Patient.rs'],
  )
  assert.deepEqual(resourceScopes(askedScopes('system/Patient.rs\\', { dialect: dialects.standard })), [])
})

test('resourceScopes() leaves out what cannot be read', () => {
  const asked = askedScopes('system/Patient.rs system/Nonsense.rs system/Patient.dus launch', {
    dialect: dialects.standard,
  })
  assert.deepEqual(
    resourceScopes(asked).map(({ text }) => text),
    ['system/Patient.rs'],
  )
})

test('askedScopes() is done with a long row of backslashes at once', () => {
  const began = processorMs()
  askedScopes(`${'\\'.repeat(60_000)}x`, { dialect: dialects.modmed })
  assert.ok(processorMs() - began < 2000)
})
