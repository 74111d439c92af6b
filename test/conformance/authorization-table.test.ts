/** The table of docs/conformance/authorization.md names tests that are there, and leaves no requirement out. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { assertThere, type NamedTest, namedIn, pageOf } from './named-tests.ts'

const requirements = '../shared/specs/certification.md'
const skip = !existsSync(requirements) && `needs ${requirements}`

const [, smart = '', usCore = ''] = pageOf('docs/conformance/authorization.md').split(/^## .*$/m)

interface Row {
  readonly ids: readonly number[]
  readonly shownBy: readonly NamedTest[]
}

function rowsIn(section: string): Row[] {
  return [...section.matchAll(/^\| ([\d,– ]+) \| .*? \| (.*) \|$/gm)].map(([, ids = '', shown = '']) => ({
    ids: idsIn(ids),
    shownBy: namedIn(shown),
  }))
}

/** Such as `14, 348–370`. */
function idsIn(text: string): number[] {
  return [...text.matchAll(/(\d+)(?:–(\d+))?/g)].flatMap(([, from, to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i),
  )
}

test('each test that the table names is there', () => {
  const rows = [...rowsIn(smart), ...rowsIn(usCore)]
  assert.ok(rows.length > 60)
  for (const { ids, shownBy } of rows) {
    assert.ok(shownBy.length > 0, `nothing shows ${ids}`)
    for (const one of shownBy) assertThere(one)
  }
})

test('the table has every requirement of SMART App Launch that no kit verifies, and no other', { skip }, () => {
  const [, listed = ''] = /^### 10\.3 (.*?)^---$/ms.exec(readFileSync(requirements, 'utf8')) ?? []
  const wanted = [...listed.matchAll(/^\| ([\d,– ]+) \|/gm)].flatMap(([, ids = '']) => idsIn(ids))
  assert.ok(wanted.length > 100)
  const told = rowsIn(smart).flatMap(({ ids }) => ids)
  assert.deepEqual(
    told.toSorted((a, b) => a - b),
    [...new Set(wanted)].toSorted((a, b) => a - b),
  )
})

/** Of the rows of 10.2 those about authorization. */
const ofUsCore = idsIn('119, 120, 121, 123, 128, 130, 132–155, 374, 537, 538, 539, 562, 564, 568, 570, 572')

test('the table has the requirements of US Core about authorization', () => {
  const told = rowsIn(usCore).flatMap(({ ids }) => ids)
  assert.deepEqual(
    told.toSorted((a, b) => a - b),
    ofUsCore,
  )
})
