import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz, shortfall, table } from './fuzz.ts'

test('2,000 random requests end without fault, hang or a refusal that is no OperationOutcome', async () => {
  const report = await fuzz(2000, 7)
  assert.equal(report.failures.join('\n'), '', table(report))
  assert.equal(shortfall(report), undefined, table(report))
})
