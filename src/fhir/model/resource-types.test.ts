import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { isResourceType, resourceTypes, typeCode, typeOf } from './resource-types.ts'

test('typeCode() and typeOf() are each other turned round', () => {
  for (const type of resourceTypes) assert.equal(typeOf(typeCode(type)), type)
  assert.equal(new Set(resourceTypes).size, resourceTypes.length)
})

test('the first 146 types keep their codes for ever, because databases hold them', () => {
  const released = resourceTypes.slice(0, 146).join()
  assert.equal(createHash('sha256').update(released).digest('hex').slice(0, 16), '177c039c4a847da7')
})

for (const name of ['Patients', 'DomainResource', '__proto__', '', 1]) {
  test(`isResourceType() says no to ${JSON.stringify(name)}`, () => assert.equal(isResourceType(name), false))
}

test('typeCode() throws on what is no type', () => assert.throws(() => typeCode('Foo'), TypeError))
