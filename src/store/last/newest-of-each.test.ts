import assert from 'node:assert/strict'
import { test } from 'node:test'
import { kindKeys, newestOfEach } from './newest-of-each.ts'

/** `1a` is an entry of time 1 and kind a, `-b,c` one without a time of two kinds. */
const entry = (text: string) => ({
  text,
  time: text[0] === '-' ? undefined : text[0],
  keys: text.slice(1).split(','),
})

// biome-ignore format: a table; the groups are those of the specification
for (const [what, entries, most, expected] of [
  ['the newest of each',                 '9a 8b 7a 6b 5c',   1, '9a 8b 5c'],
  ['two of each',                        '9a 8a 7a 6b',      2, '9a 8a 6b'],
  ['translations as one',                '9a 8b 7a,c 6c',    1, '9a 8b'],
  ['translations by way of others',      '9a 8b 7a,b',       1, '9a'],
  ['longer ways',                        '9a 8d 7a,b 6c,d 5b,c', 1, '9a'],
  ['more where times are equal',         '9a 8a 8a 7a',      2, '9a 8a 8a'],
  ['equal times of the newest',          '9a 9a 9a 8a',      1, '9a 9a 9a'],
  ['equal times of each group apart',    '9a 9b 9a 8b',      1, '9a 9b 9a'],
  ['no more of those without a time',    '9a -b -b -a',      1, '9a -b'],
] as const) {
  test(`newestOfEach() takes ${what}`, () => {
    assert.equal(newestOfEach(entries.split(' ').map(entry), most).map(({ text }) => text).join(' '), expected)
  })
}

// biome-ignore format: a table
for (const [kind, keys] of [
  [{ coding: [{ system: 's', code: 'a' }, { code: 'b' }, { system: 's' }], text: 'x' }, ['s|a', '|b']],
  [{ text: 'Text' }, ['text Text']],
  [{ coding: [{ system: 's' }], text: 't e x t' }, ['text t e x t']],
  [{}, ['text ']],
] as const) {
  test(`kindKeys() of ${JSON.stringify(kind)}`, () => assert.deepEqual(kindKeys(kind), keys))
}
