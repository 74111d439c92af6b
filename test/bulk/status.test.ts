/** What a poll is told while an export waits, runs, has failed, and of manifests that come in pages. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#db'
import { serverOf } from '../../src/app.ts'
import { addFiles } from '../../src/bulk/records/files-store.ts'
import { begin, type Exporting, ended, exporting } from './exporting.ts'

let exports: Exporting
let token: string

before(async () => {
  exports = await exporting()
  token = await exports.token()
})
after(() => exports[Symbol.asyncDispose]())

const poll = (status: string) => exports.send('GET', status, token, { accept: 'application/json' })
const idOf = (status: string) => status.slice(status.lastIndexOf('/') + 1)
const afterFirst = () => sleep(350)

/** Sets columns of an export, in place of the worker. */
function set(status: string, columns: ReturnType<typeof sql>) {
  const { number } = exports.practice
  return exports.app.installation.db.run(sql`
    update export set ${columns} where practice = ${number} and id = ${idOf(status)}
  `)
}

/** Polls an export that was begun less than 300 ms before, for certain: a busy machine may take longer over a poll. */
async function pollAtOnce(status: string) {
  const { db } = exports.app.installation
  for (;;) {
    await set(status, sql`created_at = now()`)
    const answer = await poll(status)
    const isSoon = sql`now() < created_at + interval '300 ms'`
    const { number } = exports.practice
    if (await db.maybeOne(sql`select 1 from export where practice = ${number} and id = ${idOf(status)} and ${isSoon}`))
      return answer
  }
}

const t = Date.UTC(2026, 0, 2, 3, 4, 5) * 1000 + 678

/** A file that is finished, in place of the worker. */
async function finish(status: string, type: string) {
  const { db, files } = exports.app.installation
  const id = idOf(status)
  const stored = `test/${id}-${type}`
  const writer = await (await files.open()).create(stored)
  const text = `{"resourceType":"${type}","id":"1"}\n`
  await writer.write(Buffer.from(text))
  await writer.finish()
  const file = { kind: 'output', type, stored, lines: 1, bytes: text.length, storedBytes: text.length } as const
  await db.transaction((transaction) =>
    addFiles(transaction, exports.practice.number, id, { files: [file], nameOf: () => `${type}-1.ndjson` }),
  )
}

test('B9: an export that is done at once is told to be done no sooner than after 300 ms', async () => {
  const status = await begin(exports, '$export', token)
  await set(status, sql`state = 'done', t = ${t}::int8, expires_at = now() + interval '1 hour'`)
  const first = await pollAtOnce(status)
  assert.deepEqual([first.status, first.text, first.headers['content-location']], [202, '', undefined])
  await afterFirst()
  const done = await poll(status)
  assert.equal(done.status, 200)
  assert.equal(done.headers['cache-control'], 'no-store')
  assert.deepEqual(done.json, {
    transactionTime: '2026-01-02T03:04:05.000678Z',
    request: 'http://localhost:8080/north/fhir/r4/$export',
    requiresAccessToken: true,
    output: [],
    deleted: [],
    error: [],
  })
})

for (const [problem, code, issue] of [
  ['unavailable', 500, 'exception'],
  ['not-found', 500, 'exception'],
  ['forbidden', 403, 'forbidden'],
  ['incorrect', 400, 'invalid'],
  ['invalid', 422, 'processing'],
] as const) {
  test(`S6: an export that failed because something was ${problem} is ${code}, and says why`, async () => {
    const status = await begin(exports, '$export', token)
    await set(status, sql`state = 'failed', problem = ${problem}, sentence = 'It went wrong'`)
    await afterFirst()
    const failed = await poll(status)
    assert.deepEqual([failed.status, failed.json.issue[0].code], [code, issue])
    assert.equal(failed.json.issue[0].details.text, 'It went wrong')
  })
}

test('S7: an export that failed says why as FHIR has it, and can be deleted', async () => {
  const status = await begin(exports, '$export', token)
  await set(status, sql`state = 'failed', sentence = 'The disk is full'`)
  await afterFirst()
  const failed = await poll(status)
  assert.equal(failed.status, 500)
  assert.match(String(failed.headers['content-type']), /^application\/fhir\+json/)
  assert.equal(failed.json.issue[0].details.text, 'The disk is full')
  assert.equal((await exports.send('DELETE', status, token)).status, 202)
  assert.equal((await poll(status)).status, 404)
})

test('K9, S4: with separate-export-status the poll is 200 and a header says how the export is', async () => {
  const prefer = 'respond-async,separate-export-status'
  const begun = await exports.send('GET', '/north/fhir/r4/$export', token, { prefer })
  assert.equal(begun.headers['preference-applied'], 'respond-async, separate-export-status')
  const status = String(begun.headers['content-location'])
  const running = await poll(status)
  assert.deepEqual([running.status, running.headers['x-export-status'], running.text], [200, '202 Accepted', ''])
  await afterFirst()
  await set(status, sql`state = 'failed', sentence = 'It failed'`)
  const failed = await poll(status)
  assert.deepEqual([failed.status, failed.headers['x-export-status']], [200, '500 Internal Server Error'])
  assert.equal(failed.json.resourceType, 'OperationOutcome')
  await set(status, sql`state = 'done', t = ${t}::int8, expires_at = now() + interval '1 hour'`)
  const done = await poll(status)
  assert.deepEqual([done.status, done.headers['x-export-status']], [200, '200 OK'])
})

test('S2, B13: who does not wait at all is told 429 in the end, as an OperationOutcome', async () => {
  const status = await begin(exports, '$export', token)
  await set(status, sql`early_polls = 60, polled_at = now(), told_seconds = 30`)
  const refused = await poll(status)
  assert.equal(refused.status, 429)
  assert.equal(refused.headers['retry-after'], '1')
  assert.equal(refused.json.resourceType, 'OperationOutcome')
  assert.equal(refused.json.issue[0].code, 'throttled')
  await set(status, sql`polled_at = now() - interval '20 seconds'`)
  assert.equal((await poll(status)).status, 202, 'who has waited is heard')
})

test('S12, B17: partial manifests are linked, stay as they are, and their files can be fetched at once', async () => {
  const status = await begin(exports, '$export?allowPartialManifests=true', token)
  await afterFirst()
  assert.equal((await poll(status)).text, '', 'nothing is finished')
  await set(status, sql`t = ${t}::int8, began_at = now()`)
  await finish(status, 'Patient')
  const first = await poll(status)
  assert.equal(first.status, 202)
  assert.ok(first.headers['retry-after'])
  assert.deepEqual(
    first.json.output.map(({ type }: { type: string }) => type),
    ['Patient'],
  )
  assert.deepEqual(first.json.link, [{ relation: 'next', url: `${status}?page=2` }])
  assert.equal((await exports.send('GET', first.json.output[0].url, token)).status, 200)

  const next = first.json.link[0].url
  const empty = await poll(next)
  assert.deepEqual([empty.status, empty.text], [202, ''])
  await finish(status, 'Observation')
  await finish(status, 'Condition')
  assert.deepEqual((await poll(status)).json, first.json, 'it was handed out')
  const second = await poll(next)
  assert.deepEqual(
    second.json.output.map(({ type }: { type: string }) => type),
    ['Observation', 'Condition'],
  )
  assert.equal((await poll(`${status}?page=9`)).status, 404)

  await finish(status, 'Encounter')
  await set(status, sql`state = 'done', expires_at = now() + interval '1 hour'`)
  const last = await poll(second.json.link[0].url)
  assert.equal(last.status, 200)
  assert.deepEqual(
    last.json.output.map(({ type }: { type: string }) => type),
    ['Encounter'],
  )
  assert.equal(last.json.link, undefined)
  const again = await poll(status)
  assert.equal(again.status, 200)
  assert.deepEqual(again.json, first.json)
})

test('files of an export that runs are kept back where partial manifests were not asked for', async () => {
  const status = await begin(exports, '$export', token)
  await finish(status, 'Patient')
  const url = `http://localhost:8080/north/fhir/r4/$export-file/${idOf(status)}/Patient-1.ndjson`
  assert.equal((await exports.send('GET', url, token)).status, 404)
})

test('organizeOutputBy: the manifest says so, and items have no type', async () => {
  await using own = await exporting()
  await own.work()
  const its = await own.token()
  const { json } = await ended(own, await begin(own, 'Patient/$export?organizeOutputBy=Patient', its), its)
  assert.equal(json.outputOrganizedBy, 'Patient')
  assert.ok(json.output.length > 0)
  for (const item of json.output) assert.equal('type' in item, false)
  const file = await own.send('GET', json.output[0].url, its)
  assert.equal(JSON.parse(file.text.split('\n')[0] ?? '').resourceType, 'Parameters')
})

test('what happens to exports is told, with the request that did it', async () => {
  const lines: string[] = []
  const { server } = await serverOf(exports.app.installation, { write: (line) => void lines.push(line) })
  try {
    const headers = { authorization: `Bearer ${token}` }
    const begun = await server.inject({ url: '/north/fhir/r4/$export?_type=Patient', headers })
    const status = String(begun.headers['content-location'])
    await finish(status, 'Patient')
    await set(status, sql`state = 'done', t = ${t}::int8, expires_at = now() + interval '1 hour'`)
    const file = status.replace('$export-status', '$export-file')
    const sent = await server.inject({ url: `${file}/Patient-1.ndjson`.replace('http://localhost:8080', ''), headers })
    assert.equal(sent.statusCode, 200, sent.body)
    await server.inject({ method: 'DELETE', url: status.replace('http://localhost:8080', ''), headers })
    const told = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'export')
    assert.deepEqual(
      told.map(({ change }) => change),
      ['begun', 'file-sent', 'deleted'],
    )
    for (const { request, client, id, exportLevel, level } of told) {
      assert.ok(request)
      assert.deepEqual([client, id, exportLevel, level], ['operator', idOf(status), 'system', 30])
    }
    await server.inject({ url: '/north/fhir/r4/$export?_type=Nonsense', headers })
    assert.ok(lines.some((line) => line.includes('"event":"refusal"') && line.includes('$export')))
  } finally {
    await server.close()
  }
})
