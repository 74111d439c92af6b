import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import { isId } from '#fhir'
import { idForCriteria, mostGuarded, newId } from './new-id.ts'

test('newId() makes ids of FHIR that nobody guesses, later ones behind earlier ones', () => {
  const ids = Array.from({ length: 10_000 }, () => newId(1_700_000_000_000))
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.every((id) => isId(id) && id.length >= 22 && id.length === ids[0]?.length))
  assert.ok(newId(1_700_000_000_001) > (ids.sort().at(-1) ?? ''))
  assert.ok(newId(Date.UTC(2050, 0)) > newId(Date.UTC(2026, 0)))
})

test('idForCriteria() leads the same criteria of a practice to the same id, at each try to another', () => {
  const key = createSecretKey(Buffer.alloc(32, 1))
  const id = idForCriteria(key, 1, { criteria: 'a', tries: 1 })
  assert.ok(isId(id))
  assert.equal(idForCriteria(key, 1, { criteria: 'a', tries: 1 }), id)
  const others = [
    idForCriteria(key, 2, { criteria: 'a', tries: 1 }),
    idForCriteria(key, 1, { criteria: 'b', tries: 1 }),
    idForCriteria(key, 1, { criteria: 'a', tries: 2 }),
    idForCriteria(createSecretKey(Buffer.alloc(32, 2)), 1, { criteria: 'a', tries: 1 }),
  ]
  assert.equal(new Set([id, ...others]).size, 5)
})

test('idForCriteria() makes ids of one look, also when all were met', () => {
  const key = createSecretKey(Buffer.alloc(32, 1))
  const last = idForCriteria(key, 1, { criteria: 'a', tries: mostGuarded + 1 })
  assert.notEqual(idForCriteria(key, 1, { criteria: 'a', tries: mostGuarded + 1 }), last)
  assert.match(last, /^c/)
  assert.equal(last.length, idForCriteria(key, 1, { criteria: 'a', tries: 1 }).length)
})
