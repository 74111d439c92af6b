import assert from 'node:assert/strict'
import { test } from 'node:test'
import { derivedId } from './entry-ids.ts'

const uuid = '0e5a4b2c-1111-4222-8333-444455556666'

for (const [name, fullUrl, expected] of [
  ['a UUID', `urn:uuid:${uuid}`, uuid],
  ['a UUID in capitals', `urn:uuid:${uuid.toUpperCase()}`, uuid],
  ['another address', 'https://h/Patient/1', /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/],
] as const) {
  test(`derivedId() follows from ${name}`, () => {
    const id = derivedId({ index: 0, method: 'POST', url: 'Patient', fullUrl })
    if (typeof expected === 'string') assert.equal(id, expected)
    else assert.match(id, expected)
  })
}
