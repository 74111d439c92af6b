import assert from 'node:assert/strict'
import { test } from 'node:test'
import { searchParametersOf } from '../search/registry.ts'
import { ownerSearchParameters, ownershipOf } from './ownership.ts'
import { resourceTypes } from './resource-types.ts'

test('ownerSearchParameters() are those that look at the path of ownership and at nothing else', () => {
  for (const type of resourceTypes) {
    const ownership = ownershipOf(type)
    if (ownership?.class !== 'owned' || ownership.isMany) continue
    const path = `${type}.${ownership.path.join('.')}`
    const looking = [...searchParametersOf(type).values()].filter(
      ({ type, sources }) =>
        type === 'reference' &&
        sources.every(({ source, onlyTarget = 'Patient' }) => source.path === path && onlyTarget === 'Patient'),
    )
    assert.deepEqual([...ownerSearchParameters(type)].sort(), looking.map(({ code }) => code).sort(), path)
  }
})
