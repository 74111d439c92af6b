import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { isTicketFor, ticketFor } from './ticket.ts'

const key = createSecretKey(randomBytes(32))
const file = { practice: 1, id: 'e1', name: 'Patient-1.ndjson' }
const [now, later] = [1_000_000, 2_000_000]
const ticket = ticketFor(key, file, later)

test('a ticket is for its file until it expires', () => {
  assert.equal(isTicketFor(key, file, ticket, now), true)
  assert.equal(isTicketFor(key, file, ticket, later), false)
})

for (const [title, otherKey, otherFile, otherTicket] of [
  ['another practice', key, { ...file, practice: 2 }, ticket],
  ['another export', key, { ...file, id: 'e2' }, ticket],
  ['another file', key, { ...file, name: 'Patient-2.ndjson' }, ticket],
  ['another key', createSecretKey(randomBytes(32)), file, ticket],
  ['a longer life', key, file, `z${ticket}`],
  ['nothing sealed', key, file, ticket.split('.')[0] ?? ''],
  ['nothing', key, file, ''],
] as const) {
  test(`a ticket is not for ${title}`, () => assert.equal(isTicketFor(otherKey, otherFile, otherTicket, now), false))
}
