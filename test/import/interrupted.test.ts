/** Imports whose worker stops, whose permission ends, or while which others wait. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { permitApp } from '#platform'
import { keptMs, moveClock } from '../support/clock.ts'
import { at, importing, scope } from './importing.ts'
import { lines, patient } from './source.ts'

const here = await importing()
after(() => here[Symbol.asyncDispose]())
const { app, north, files, token, work, stopWork, importer, post, manifest, ask, ended } = here

test('an import whose worker stops goes on at the next one', async () => {
  let opened = 0
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
  files.answers['/stop'] = (_request, response) => {
    opened++
    if (opened > 1) return response.end(lines(patient('s1'), patient('s2')))
    response.write(lines(patient('s1')))
    isAsked()
  }
  const begun = await post(manifest(['Patient', '/stop']))
  await asked
  await stopWork()
  assert.equal((await ask(at(begun))).status, 202)
  await work()
  const done = await ended(at(begun))
  assert.equal(done.json.output?.[0]?.count, 2, done.text)
  assert.equal(opened, 2)
})

test('an app whose permission ends while it imports loads nothing more', async () => {
  const other = await importer(north)
  const { promise: more, resolve: goOn } = Promise.withResolvers<void>()
  const { promise: asked, resolve: isAsked } = Promise.withResolvers<void>()
  files.answers['/slow'] = (_request, response) => {
    isAsked()
    response.write(lines(patient('slow1')))
    void more.then(() => response.end(lines(patient('slow2'))))
  }
  const own = await app.token(north, { client: other, scope })
  const begun = await post(manifest(['Patient', '/slow']), { token: own })
  await asked
  const everything = { scopes: scope, types: undefined, groups: undefined }
  await permitApp(app.installation.db, north.number, other, everything)
  moveClock(keptMs)
  goOn()
  const status = await ended(at(begun), own)
  assert.equal(status.status, 500)
  assert.match(status.json.issue[0].details.text, /has not permitted this app to import/)
  assert.equal((await app.get(north, 'Patient/slow2', token)).status, 404)
})
