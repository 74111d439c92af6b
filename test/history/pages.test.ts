/** Histories of a type and of all while others write: nothing is lost, nothing comes twice. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { PracticeRecord } from '#platform'
import { lockAsWriter } from '../../src/store/resources/stamp.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

interface Bundle {
  readonly link: readonly { readonly relation: string; readonly url: string }[]
  readonly entry?: readonly {
    readonly fullUrl: string
    readonly response: { readonly etag: string; readonly lastModified: string }
  }[]
}

const name = ({ fullUrl, response }: NonNullable<Bundle['entry']>[number]) =>
  `${fullUrl.split('/').slice(-2).join('/')} ${response.etag}`

/** `isPatient`: asks again when it is told that a write is under way, which takes long on a busy machine. */
async function* pages(app: TestApp, practice: PracticeRecord, token: string, path: string, { isPatient = false } = {}) {
  let next: string | undefined = path
  while (next !== undefined) {
    const { status, text, json } = await app.get(practice, next, token)
    if (isPatient && status === 503) continue
    assert.equal(status, 200, text)
    const { entry = [], link } = json as Bundle
    yield entry
    next = link.find(({ relation }) => relation === 'next')?.url.split('/fhir/r4/')[1]
  }
}

const patient = (n: number, round: number) => ({
  resourceType: 'Patient',
  id: `p${n}`,
  name: [{ family: `R${round}` }],
})

test('history() in pages holds each version once, whatever is written meanwhile', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('clinic')
  const token = await app.token(practice)
  const store = app.storeOf(practice)
  for (let round = 0; round < 3; round++) {
    await app.load(
      practice,
      Array.from({ length: 10 }, (_, n) => patient(n, round)),
    )
    await app.load(practice, [{ resourceType: 'Organization', id: `o${round}` }])
  }
  for (const path of ['Patient/_history?_count=4', '_history?_count=7']) {
    const before: string[] = []
    for await (const entries of pages(app, practice, token, path)) before.push(...entries.map(name))
    const seen: string[] = []
    let round = 10
    for await (const entries of pages(app, practice, token, path)) {
      seen.push(...entries.map(name))
      // one that was shown and one that was not are replaced, deleted or revived
      await app.load(practice, [patient(round % 10, round), patient((round + 5) % 10, round)])
      if (round % 3 === 0) await store.write([{ kind: 'delete', type: 'Patient', id: `p${round % 10}` }])
      round++
    }
    assert.deepEqual(seen, before)
  }
})

test('who polls with the newest time seen misses nothing that was written by several at once', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('clinic')
  const token = await app.token(practice)
  const written = new Set<string>()
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let round = 0; round < 25; round++) {
      // of different length, so that some commit late what they stamped early
      const size = writer === 0 ? 60 : 1
      const resources = Array.from({ length: size }, (_, n) => patient(writer * 10_000 + round * 100 + n, round))
      await app.load(practice, resources)
      for (const { id } of resources) written.add(`Patient/${id} W/"1"`)
    }
  })
  const seen = new Set<string>()
  let newest = '2000-01-01T00:00:00Z'
  async function poll() {
    let top = newest
    const path = `_history?_since=${newest}&_count=1000`
    for await (const entries of pages(app, practice, token, path, { isPatient: true })) {
      for (const entry of entries) {
        seen.add(name(entry))
        if (entry.response.lastModified > top) top = entry.response.lastModified
      }
    }
    newest = top
  }
  const done = Promise.all(writers).then(() => true)
  while (!(await Promise.race([done, setTimeout(1, false)]))) await poll()
  await poll()
  assert.deepEqual(
    [...written].filter((version) => !seen.has(version)),
    [],
  )
})

test('a page of large files ends early, and the next one goes on', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('clinic')
  const token = await app.token(practice)
  // one sort fills the database's pages, the other only ours
  for (const byte of ['random', 'same']) {
    for (let n = 0; n < 5; n++) {
      const bytes = byte === 'same' ? Buffer.alloc(9_000_000, n) : randomBytes(9_000_000)
      const data = bytes.toString('base64')
      await app.load(practice, [{ resourceType: 'Binary', id: byte, contentType: 'image/png', data }])
    }
    const counts: number[] = []
    for await (const entries of pages(app, practice, token, `Binary/${byte}/_history`)) counts.push(entries.length)
    assert.deepEqual(counts, [3, 2])
  }
})

test('16 writers on one resource leave versions without a gap, and each of them in its history', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('clinic', { writes: 'on' })
  const token = await app.token(practice, { scope: 'system/*.cruds' })
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' }
  const url = '/clinic/fhir/r4/Patient/one'
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let round = 0; round < 5; round++) {
      const resource = { resourceType: 'Patient', id: 'one', name: [{ family: `w${writer}r${round}` }] }
      const { status, text } = await app.request({ method: 'PUT', url, headers, payload: JSON.stringify(resource) })
      assert.ok(status === 200 || status === 201, text)
    }
  })
  await Promise.all(writers)
  const seen: string[] = []
  for await (const entries of pages(app, practice, token, 'Patient/one/_history?_count=7')) {
    seen.push(...entries.map(({ response }) => response.etag))
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 80 }, (_, n) => `W/"${80 - n}"`),
  )
  const families = new Set<string>()
  for (let version = 1; version <= 80; version++) {
    families.add((await app.get(practice, `Patient/one/_history/${version}`, token)).json.name[0].family)
  }
  assert.equal(families.size, 80)
})

test('a history of a type does not hold writers off behind one that is slow', async () => {
  await using app = await testApp()
  const practice = await app.addPractice('clinic')
  const token = await app.token(practice)
  await app.load(practice, [patient(1, 1)])
  await app.installation.db.transaction(async (slow) => {
    await lockAsWriter(slow, practice.number)
    const asked = app.get(practice, 'Patient/_history', token)
    const { status, headers, json } = await asked
    assert.deepEqual([status, headers['retry-after']], [503, '1'])
    assert.match(json.issue[0].details.text, /write is under way/)
    assert.equal((await app.get(practice, 'Patient/p1/_history', token)).status, 200)
  })
  assert.equal((await app.get(practice, 'Patient/_history', token)).status, 200)
})
