import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folded, letters, words } from './folded.ts'

for (const [text, as] of [
  ['MÜLLER', 'muller'],
  ['Søren', 'soren'],
  ['Großmann', 'grossmann'],
  ['Łukasz', 'lukasz'],
  ['Иванов', 'ivanov'],
  ['Παπαδόπουλος', 'papadopoulos'],
  ['王', '王'],
  ['ＡＢ', 'ab'],
] as const) {
  test(`folded() makes "${as}" of "${text}"`, () => assert.equal(folded(text), as))
}

test('letters() leaves out blanks, hyphens and digits', () => assert.equal(letters("O'Neil-Smith 23"), 'oneilsmith'))
test('words() are what blanks and signs part', () =>
  assert.deepEqual(words('12 Main-St., Apt 4'), ['12', 'main', 'st', 'apt', '4']))
