import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recentPatients } from '../../src/smart/sessions/recent-store.ts'
import { addGrant } from '../../src/smart/tokens/grant-store.ts'
import { testApp } from '../support/test-app.ts'

test('recentPatients() tells whom a person opened at this practice, the last one first, each once', async () => {
  await using app = await testApp()
  const { db } = app.installation
  const [north, south] = [await app.addPractice('north'), await app.addPractice('south')]
  async function open(username: string, patient: string | undefined, practice = north.number) {
    await addGrant(db, {
      ...{
        practice,
        client: 'c',
        username,
        fhirUser: undefined,
        subject: 's',
        scope: 'x',
        base: 'b',
        nonce: undefined,
      },
      ...{ context: { patients: [], launch: patient === undefined ? {} : { patient } }, authTime: new Date() },
      ...{ access: 'once', session: undefined, launch: undefined, refreshUntil: undefined },
    })
  }
  for (const patient of ['p1', 'p2', 'p3', 'p1', undefined]) await open('ada', patient)
  await open('ben', 'p4')
  await open('ada', 'p5', south.number)
  assert.deepEqual(await recentPatients(db, north.number, 'ada', 2), ['p1', 'p3'])
  assert.deepEqual(await recentPatients(db, north.number, 'carl', 2), [])
})
