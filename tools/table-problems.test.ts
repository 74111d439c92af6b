import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tableProblems } from './table-problems.ts'

const manifest = { 'a.json': { generator: 'tools/a.ts', packages: { core: 'c1' }, sha256: 'h1' } }

for (const [about, tables, packages, problem] of [
  ['what was generated', [['a.json', 'h1']], undefined, undefined],
  ['what was generated from the packages that are here', [['a.json', 'h1']], ['c1'], undefined],
  ['a hand edit', [['a.json', 'h2']], ['c1'], /a\.json is not what its generator wrote: run node tools\/a\.ts/],
  ['a missing table', [], ['c1'], /a\.json is missing/],
  ['another package', [['a.json', 'h1']], ['c2'], /made from another core/],
  [
    'an unlisted table',
    [
      ['a.json', 'h1'],
      ['b.json', 'h'],
    ],
    ['c1'],
    /b\.json is not in manifest\.json/,
  ],
] as const) {
  test(`tableProblems() ${problem ? 'tells' : 'is content with'} ${about}`, () => {
    const problems = tableProblems(manifest, new Map(tables), packages && new Set(packages))
    assert.equal(problems.length, problem ? 1 : 0)
    if (problem) assert.match(problems.join(), problem)
  })
}
