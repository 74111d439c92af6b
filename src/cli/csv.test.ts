import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvRows } from './csv.ts'

for (const [text, rows] of [
  ['', []],
  [
    'a,b\n1,2\n',
    [
      [1, 'a', 'b'],
      [2, '1', '2'],
    ],
  ],
  [
    '\uFEFFa\r\n\r\n b \r\n',
    [
      [1, 'a'],
      [3, 'b'],
    ],
  ],
  [
    '"x, ""y""\nz",2\nlast',
    [
      [1, 'x, "y"\nz', '2'],
      [3, 'last'],
    ],
  ],
  [
    'a,\n,b\n',
    [
      [1, 'a', ''],
      [2, '', 'b'],
    ],
  ],
  ['"a"', [[1, 'a']]],
] as const) {
  test(`csvRows() reads ${JSON.stringify(text)}`, () => {
    assert.deepEqual(
      csvRows(text).map(({ line, fields }) => [line, ...fields]),
      rows,
    )
  })
}

test('csvRows() refuses a quotation mark that is left open', () => {
  assert.throws(() => csvRows('a\n"b\n'), { kind: 'incorrect', message: 'The quotation mark in line 2 is not closed' })
})
