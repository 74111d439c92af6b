/** The tables of docs/conformance/bulk-data.md name tests that are there, and leave no requirement out. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assertThere, namedIn, pageOf } from './named-tests.ts'

const rows = [...pageOf('docs/conformance/bulk-data.md').matchAll(/^\| ([A-Z]\d+) \| (.*?) \| (.*) \|$/gm)].map(
  ([, id = '', , shown = '']) => ({ id, shown, named: namedIn(shown) }),
)

test('each requirement of bulk data is shown by tests that are there, or it says why by none', () => {
  for (const { id, shown, named } of rows) {
    assert.ok(named.length > 0 || /^no test: \S/.test(shown), `nothing shows ${id}`)
    for (const one of named) assertThere(one)
  }
  assert.deepEqual(
    rows.filter(({ named }) => named.length === 0).map(({ id }) => id),
    ['P3', 'P28', 'C5'],
    'rates and prose alone have no test',
  )
})

const upTo = (letter: string, last: number) => Array.from({ length: last }, (_, i) => `${letter}${i + 1}`)

/** As many as there are of each letter. */
const counts = { P: 35, A: 13, K: 17, S: 13, D: 5, F: 10, C: 6, B: 30 }

test('the tables have every requirement of bulk data once', () => {
  assert.deepEqual(
    rows.map(({ id }) => id),
    Object.entries(counts).flatMap(([letter, last]) => upTo(letter, last)),
  )
})

const requirements = '../shared/specs/bulk.md'

test('the requirements are those of the list', { skip: !existsSync(requirements) && `needs ${requirements}` }, () => {
  const list = readFileSync(requirements, 'utf8')
  const inProse = list.slice(list.indexOf('### 2.5'), list.indexOf('### 2.8'))
  const found = [
    ...list.matchAll(/^\| ([PAKS]\d+) \|/gm),
    ...list.matchAll(/^- (B\d+) /gm),
    ...inProse.matchAll(/\b([DFC]\d+)\b/g),
  ].map(([, id = '']) => id)
  assert.deepEqual([...new Set(found)].sort(), rows.map(({ id }) => id).sort())
})
