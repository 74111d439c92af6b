/** What an app is told of its imports, and ending them. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { sql } from '#db'
import { at, importing, scope } from './importing.ts'
import { lines, patient } from './source.ts'

const here = await importing()
after(() => here[Symbol.asyncDispose]())
const { app, north, files, importer, post, manifest, ask, ended } = here

test('DELETE ends an import: the source is let go, the status is gone', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
  files.answers['/endless'] = (request, response) => {
    request.on('close', resolve)
    isAsked()
    response.write(lines(patient('endless')))
  }
  const begun = await post(manifest(['Patient', '/endless']))
  await asked
  const running = await ask(at(begun))
  assert.equal(running.status, 202)
  assert.match(String(running.headers['x-progress']), /^0 of 1 files/)
  assert.ok(Number(running.headers['retry-after']) > 0)
  assert.equal((await ask(at(begun), 'DELETE')).status, 202)
  assert.equal((await ask(at(begun))).status, 404)
  assert.equal((await ask(at(begun), 'DELETE')).status, 404)
  await closed
})

test('imports of an app are listed for it alone, and those of nobody for a token that is about somebody', async () => {
  files.answers['/listed'] = (_request, response) => response.end(lines(patient('listed')))
  const own = await importer(north)
  const its = await app.token(north, { client: own, scope })
  const begun = at(await post(manifest(['Patient', '/listed']), { token: its }))
  await ended(begun, its)
  const listed = async (other: string, practice = 'north') =>
    (await ask(`/${practice}/fhir/r4/$import-status`, 'GET', other)).json
  const [one, ...others] = (await listed(its)).imports
  assert.deepEqual(others, [])
  assert.equal(new URL(one.status).pathname, begun)
  assert.deepEqual([one.state, new URL(one.request).pathname], ['done', '/north/fhir/r4/$import'])
  const another = await app.token(north, { client: await importer(north), scope })
  assert.deepEqual((await listed(another)).imports, [])
  assert.equal((await ask(begun, 'GET', another)).status, 404)
  const person = await app.token(north, {
    client: own,
    scope: 'user/*.cruds',
    user: 'Practitioner/1',
    role: 'clinician',
  })
  assert.equal((await ask('/north/fhir/r4/$import-status', 'GET', person)).status, 403)
  assert.equal((await ask(begun, 'DELETE', its)).status, 202)
  assert.deepEqual((await listed(its)).imports, [])
})

test('who polls an import without waiting is told 429 in the end, and what it came to all the same', async () => {
  const held = Promise.withResolvers<void>()
  files.answers['/polled'] = async (_request, response) => {
    await held.promise
    response.end(lines(patient('polled')))
  }
  const its = await app.token(north, { client: await importer(north), scope })
  const begun = at(await post(manifest(['Patient', '/polled']), { token: its }))
  const statuses: number[] = []
  const id = begun.slice(begun.lastIndexOf('/') + 1)
  // however long a busy machine takes from one poll to the next
  const hurry = sql`
    update import set polled_at = now() + interval '1 minute'
    where practice = ${north.number} and id = ${id} and polled_at is not null
  `
  for (let n = 0; n < 62; n++) {
    await app.installation.db.run(hurry)
    const answer = await ask(begun, 'GET', its)
    statuses.push(answer.status)
    if (answer.status === 429) assert.equal(answer.headers['retry-after'], '5')
  }
  assert.deepEqual([...new Set(statuses.slice(0, 61))], [202])
  assert.equal(statuses.at(-1), 429)
  held.resolve()
  assert.equal((await ended(begun, its)).status, 200)
})
