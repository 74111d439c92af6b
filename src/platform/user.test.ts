import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkNewPassword, checkUser, type NewUser, readUsername } from './user.ts'

const self = { patient: 'p1', kind: 'self' } as const
const child = { patient: 'p2', kind: 'parent' } as const

for (const [user, refused] of [
  [{ role: 'patient', links: [self] }, undefined],
  [{ role: 'patient', links: [self, child] }, undefined],
  [{ role: 'guardian', links: [child] }, undefined],
  [{ role: 'clinician', links: [], fhirUser: 'Practitioner/1' }, undefined],
  [{ role: 'patient', links: [] }, /one record of their own/],
  [{ role: 'guardian', links: [] }, /needs a patient/],
  [{ role: 'clinician', links: [self] }, /linked to no patient/],
  [{ role: 'administrator', links: [], fhirUser: 'Patient/1' }, /is a Practitioner/],
  [{ role: 'patient', links: [self], name: ' ' }, /name/],
] as const) {
  test(`checkUser() ${refused ? 'refuses' : 'takes'} ${JSON.stringify(user)}`, () => {
    const whole: NewUser = { username: 'ada', name: 'Ada', fhirUser: undefined, ...user }
    if (refused) assert.throws(() => checkUser(whole), refused)
    else checkUser(whole)
  })
}

test('readUsername() takes letters of either case as the same', () => {
  assert.equal(readUsername(' Ada.Weber@example.org '), 'ada.weber@example.org')
  for (const wrong of ['', 'a', 'ada weber', '-ada', 'ädä', 'a'.repeat(101), "ada'--"]) {
    assert.throws(() => readUsername(wrong), /user name/, wrong)
  }
})

test('checkNewPassword() wants length and nothing else', () => {
  checkNewPassword('aaaaaaaa', 'ada')
  for (const wrong of ['short', 'x'.repeat(1001)]) assert.throws(() => checkNewPassword(wrong, 'ada'), /at least 8/)
  assert.throws(() => checkNewPassword('ada.weber', 'ada.weber'), /is the user name/)
})
