import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pdf } from './pdf.ts'

test('pdf() writes a cross-reference table that points to its objects', () => {
  const text = pdf(['Progress note (draft)', 'Zoë \\ 王']).toString('latin1')
  const start = Number(/startxref\n(\d+)/.exec(text)?.[1])
  assert.ok(text.slice(start).startsWith('xref\n0 6\n'))
  const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n /gm)].map(([, offset]) => Number(offset))
  for (const [i, offset] of offsets.entries()) assert.ok(text.slice(offset).startsWith(`${i + 1} 0 obj\n`))
  assert.ok(text.includes('(Progress note \\(draft\\)) Tj'))
  assert.ok(text.includes('(Zoë \\\\ ?) Tj'))
  const [, length, stream] = /\/Length (\d+) >>\nstream\n([\s\S]*)\nendstream/.exec(text) ?? []
  assert.equal(stream?.length, Number(length))
})
