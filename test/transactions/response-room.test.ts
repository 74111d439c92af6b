import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { clinic, entry } from './clinic.ts'

const practice = await clinic()
after(() => practice[Symbol.asyncDispose]())

test('the answers of a Bundle end before they fill the memory; what is written is written all the same', async () => {
  const data = Buffer.alloc(6_000_000).toString('base64')
  const url = 'urn:uuid:5f1b8a3e-0000-4000-8000-000000000001'
  const file = { resourceType: 'Binary', id: 'large', contentType: 'application/pdf', data }
  const stored = await practice.post('batch', [entry('PUT', 'Binary/large', file, {}, url)])
  assert.equal(stored.json.entry[0].response.status, '201 Created', stored.text.slice(0, 500))
  const reads = Array.from({ length: 40 }, () => entry('GET', 'Binary/large'))
  const { status, text, json } = await practice.post('batch', [...reads, entry('PUT', 'Patient/p', patientP)])
  assert.equal(status, 200)
  assert.ok(text.length < 64 * 1024 * 1024 + 17 * data.length)
  const statuses: string[] = json.entry.map(({ response }: { response: { status: string } }) => response.status)
  assert.equal(statuses[0], '200 OK')
  assert.equal(statuses.at(-1), '201 Created')
  assert.equal(statuses.at(-2), '400 Bad Request')
  const whole = await practice.post('transaction', [...reads, entry('PUT', 'Patient/q', { ...patientP, id: 'q' })])
  assert.equal(whole.status, 400)
  assert.equal((await practice.get('Patient/q')).status, 404)
})

const patientP = { resourceType: 'Patient', id: 'p' }

test('no Bundle is posted within a Bundle, however its address is written', async () => {
  const inner = { resourceType: 'Bundle', type: 'batch', entry: [entry('GET', 'metadata')] }
  for (const url of ['/', '//', '', practice.base, `${practice.base}/`, `${practice.base}//`, '//?x=1']) {
    const { json } = await practice.post('batch', [entry('POST', url, inner)])
    assert.match(json.entry[0].response.status, /^400/, url)
    assert.equal((await practice.post('transaction', [entry('POST', url, inner)])).status, 400, url)
  }
})
