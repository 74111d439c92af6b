import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readOptions } from './options.ts'

test('readOptions() reads lists of suites, data and groups', () => {
  const options = readOptions(['--suite', 'us_core_v610,us_core_v311', '--data', 'reference', '--only', '2.1,2.4.02'])
  assert.deepEqual(
    options.suites.map(({ usCore }) => usCore),
    ['6.1.0', '3.1.1'],
  )
  assert.deepEqual([options.kinds, options.only, options.resumes], [['reference'], ['2.1', '2.4.02'], false])
})

for (const [args, message] of [
  [['--suite', 'us_core_v999'], /--suite does not know "us_core_v999"; it knows us_core_v311/],
  [['--data', 'none'], /--data does not know "none"; it knows sandbox, reference/],
  [['--base-url', 'http://x'], /--base-url needs --patient-ids and --token/],
] as const) {
  test(`readOptions() refuses ${args.join(' ')}`, () => assert.throws(() => readOptions(args), message))
}
