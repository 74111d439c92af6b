/** What an export relies on: each stored text is one line, and rows that are edited on their way out are marked. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '#db'
import { importFrom } from '#load'
import { queueReindexes, workerOf } from '../../src/app.ts'
import { testApp } from '../support/test-app.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())
const { db } = app.installation
const practice = await app.addPractice('p', { writes: 'on' })
const authorization = `Bearer ${await app.token(practice, { scope: 'system/*.cruds' })}`

const pretty = (value: object) => JSON.stringify(value, undefined, 2).replaceAll('\n', '\r\n')
const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, name: [{ family: 'a b' }], ...more })

async function send(method: string, path: string, payload: object, type = 'application/fhir+json') {
  const headers = { authorization, 'content-type': type }
  const answer = await app.request({ method, url: `/p/fhir/r4/${path}`, headers, payload: pretty(payload) })
  assert.ok(answer.status < 300, answer.text)
}

async function imported(name: string, text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'charthouse-lines-'))
  writeFileSync(join(folder, name), text)
  const { write } = app.storeOf(practice)
  await importFrom([join(folder, name)], { write, resolve: async () => [], fault: assert.ifError })
  rmSync(folder, { recursive: true })
}

const entry = (method: string, id: string) => ({ resource: patient(id), request: { method, url: `Patient/${id}` } })
const tag = { system: 'http://x', code: 'y' }

const writers: Record<string, () => Promise<void>> = {
  create: () => send('POST', 'Patient', patient('x')),
  update: () => send('PUT', 'Patient/update', patient('update')),
  'JSON Patch': () =>
    send(
      'PATCH',
      'Patient/update',
      [{ op: 'add', path: '/contact', value: [{ name: { family: 'c' } }] }],
      'application/json-patch+json',
    ),
  'FHIRPath Patch': () =>
    send('PATCH', 'Patient/update', {
      resourceType: 'Parameters',
      parameter: [
        {
          name: 'operation',
          part: [
            { name: 'type', valueCode: 'add' },
            { name: 'path', valueString: 'Patient' },
            { name: 'name', valueString: 'contact' },
            { name: 'value', part: [{ name: 'name', valueHumanName: { family: 'd', given: ['e'] } }] },
          ],
        },
      ],
    }),
  '$meta-add': () =>
    send('POST', 'Patient/update/$meta-add', {
      resourceType: 'Parameters',
      parameter: [{ name: 'meta', valueMeta: { tag: [tag] } }],
    }),
  batch: () => send('POST', '', { resourceType: 'Bundle', type: 'batch', entry: [entry('PUT', 'batch')] }),
  transaction: () =>
    send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry: [entry('PUT', 't'), entry('POST', 'u')] }),
  'import of a resource': () => imported('a.json', pretty(patient('file'))),
  'import of NDJSON with carriage returns': () => imported('a.ndjson', `${JSON.stringify(patient('nd'))} \r\n`),
  'import of a Bundle': () =>
    imported('b.json', pretty({ resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient('b') }] })),
}

for (const [name, write] of Object.entries(writers)) {
  test(`${name} stores texts that are one line`, async () => {
    const stored = () =>
      db.many<{ body: string; upd: string }>(
        sql`select body, upd from resource where practice = ${practice.number} order by upd`,
      )
    const before = await stored()
    await write()
    const now = await stored()
    assert.notDeepEqual(now, before)
    for (const { body } of now) assert.doesNotMatch(body, /[\r\n]/)
  })
}

test('a store that is given several lines keeps none of them', async () => {
  const operation = { kind: 'put', type: 'Patient', id: 'several', text: '{\n}', resource: patient('several') } as const
  await assert.rejects(app.storeOf(practice).write([operation]), /Patient\/several was not made one line/)
})

const large = { resourceType: 'Binary', id: 'large', contentType: 'a/b', data: 'A'.repeat(10_000_000) }
const document = {
  resourceType: 'DocumentReference',
  id: 'd',
  status: 'current',
  content: [{ attachment: { url: 'Binary/1' } }],
}

test('rows with relative attachment addresses and lines over 10 MB are marked, by each way of writing and by a reindex', async () => {
  const marked = await app.addPractice('marked', { writes: 'on' })
  const marks = async () =>
    Object.fromEntries(
      (
        await db.many<{ id: string; mark: number | null }>(
          sql`select id, mark from resource where practice = ${marked.number} order by id`,
        )
      ).map(({ id, mark }) => [id, mark]),
    )
  await app.load(marked, [patient('plain'), document, large])
  const store = app.storeOf(marked)
  const resource = patient('both', { photo: [{ url: 'Binary/2' }], text: { div: 'ä'.repeat(5_000_000) } })
  const operation = { kind: 'put', type: 'Patient', id: 'both', text: JSON.stringify(resource), resource } as const
  const all = { any: [{ where: [], hidden: [] }] }
  await store.change(() => all, [{ operation, may: { create: all, update: all } }])
  const wanted = { both: 3, d: 1, large: 2, plain: null }
  assert.deepEqual(await marks(), wanted)

  await db.run(sql`update resource set mark = case when mark is null then 2 end where practice = ${marked.number}`)
  await db.run(sql`update index_state set fingerprint = 'older' where practice = ${marked.number}`)
  await using _ = await workerOf(app.installation, { log: undefined, slots: 1 })
  await queueReindexes(app.installation)
  for (let tries = 0; JSON.stringify(await marks()) !== JSON.stringify(wanted); tries++) {
    assert.ok(tries < 3000, JSON.stringify(await marks()))
    await sleep(20)
  }
})
