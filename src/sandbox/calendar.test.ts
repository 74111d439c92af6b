import assert from 'node:assert/strict'
import { test } from 'node:test'
import { date, dateTime, instant, instantOf, month, officeHours, timeZone, year } from './calendar.ts'

test('instants are printed on the clock of the practice', () => {
  const at = Date.parse('2024-03-01T03:30:00.250Z')
  assert.equal(dateTime(at), '2024-02-29T22:30:00-05:00')
  assert.equal(instant(at), '2024-02-29T22:30:00.250-05:00')
  assert.deepEqual([date(at), month(at), year(at)], ['2024-02-29', '2024-02', '2024'])
})

test('timeZone shows what is printed, in winter and summer', () => {
  for (const at of ['2024-01-15T03:30:00Z', '2024-07-15T03:30:00Z'].map(Date.parse)) {
    assert.equal(new Date(at).toLocaleString('sv', { timeZone }).replace(' ', 'T'), dateTime(at).slice(0, 19))
  }
})

test('officeHours() keeps the day and stays between 8:00 and 16:55', () => {
  for (const fraction of [0, 0.5, 0.9999]) {
    const at = dateTime(officeHours(instantOf('2025-07-14'), fraction))
    assert.ok(at >= '2025-07-14T08:00:00-05:00' && at < '2025-07-14T17:00:00-05:00', at)
  }
})
