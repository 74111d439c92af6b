import assert from 'node:assert/strict'
import test from 'node:test'
import { stopClock } from './support/clock.ts'
import { testApp } from './support/test-app.ts'

test('a resource that was loaded is read and found', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('north')
  await app.load(practice, [
    { resourceType: 'Patient', id: 'p1', name: [{ family: 'Smith', given: ['Ann'] }], gender: 'female' },
  ])
  const token = await app.token(practice)
  using _ = stopClock() // the practice is kept from here on
  await app.get(practice, 'metadata')
  app.takeStatements()
  const read = await app.get(practice, 'Patient/p1', token)
  assert.equal(read.status, 200, read.text)
  assert.deepEqual(app.takeStatements().length, 1)
  const found = await app.get(practice, 'Patient?name=smi', token)
  assert.equal(found.status, 200, found.text)
  assert.equal(found.json.entry.length, 1)
  assert.equal(app.takeStatements().length, 2)
  assert.equal((await app.get(practice, 'Patient/p1')).status, 401)
  assert.equal((await app.get(practice, 'Patient/p2', token)).status, 404)
})
