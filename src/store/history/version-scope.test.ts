import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOf } from '../index/plan.ts'

// A label that hides is looked for among the tokens of a version, and a reindex makes none of earlier ones: with another
// key what is hidden would be shown. Who changes the key makes the tokens of resource_history anew.
test('labels of earlier versions are told by tokens whose key stays what it is', () => {
  const keys = ['Patient', 'Observation'].flatMap((type) =>
    planOf(type)
      .sources.filter(({ source }) => source.path.endsWith('meta.security'))
      .map(({ source }) => source.key),
  )
  assert.deepEqual(keys, [1390989603, 497700455])
})
