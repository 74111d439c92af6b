import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isResourceType } from '../model/resource-types.ts'
import { parseSearch } from '../search/parse.ts'
import { searchParametersOf } from '../search/registry.ts'
import { ownSearchParameters } from './own-search-parameters.ts'
import { searchParameterTable } from './tables.ts'

const published = new Set(
  searchParameterTable().parameters.flatMap(({ code, base }) => base.map((type) => `${type}.${code}`)),
)

test('own search parameters are compiled, and stand beside the published ones', () => {
  for (const { code, url, base } of ownSearchParameters) {
    for (const type of base) {
      assert.ok(isResourceType(type), `${code}: ${type}`)
      assert.ok(!published.has(`${type}.${code}`), `${type} has a published "${code}"`)
      const parameter = searchParametersOf(type).get(code)
      assert.equal(parameter?.url, url)
      assert.ok(parameter.sources.length > 0, `${code} can find something in ${type}`)
    }
  }
})

test('the examples of own search parameters can be asked', () => {
  for (const { code, example } of ownSearchParameters) {
    for (const value of [...example.finds, ...example.misses]) {
      const [modifier = '', asked = value] = value.startsWith(':') ? value.split('=') : []
      parseSearch({
        types: [example.resource.resourceType],
        parameters: [[code + modifier, asked]],
        handling: 'strict',
        zone: 'UTC',
        bases: [],
        defaultCount: 20,
        maximumCount: 20,
      })
    }
  }
})
