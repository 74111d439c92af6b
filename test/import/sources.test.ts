/** Sources of an import that break off, lead elsewhere or have too much. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { at, importing } from './importing.ts'
import { lines, patient } from './source.ts'

const here = await importing()
after(() => here[Symbol.asyncDispose]())
const { app, north, files, token, post, manifest, ended } = here

test('a file that breaks off in its middle is opened again, and files that are loaded are not', async () => {
  let opened = 0
  const all = lines(...Array.from({ length: 3000 }, (_, i) => patient(`d${i}`)))
  files.answers['/first'] = (_request, response) => response.end(lines(patient('first')))
  files.answers['/drop'] = (_request, response) => {
    opened++
    response.writeHead(200, { 'content-length': all.length })
    if (opened > 1) return response.end(all)
    response.write(all.slice(0, all.length / 2), () => setTimeout(() => response.destroy(), 50))
  }
  files.asked.length = 0
  const done = await ended(at(await post(manifest(['Patient', '/first'], ['Patient', '/drop']))))
  assert.deepEqual(
    done.json.output?.map(({ count }: { count: number }) => count),
    [1, 3000],
    done.text,
  )
  assert.deepEqual(
    files.asked.map(({ url }) => url),
    ['/first', '/drop', '/drop'],
  )
  const page = await app.get(north, 'Patient/d10', token)
  assert.equal(page.json.meta.versionId, '1')
})

test('a file that is larger than the practice allows ends the import before it is read', async () => {
  files.answers['/huge'] = (_request, response) => {
    response.writeHead(200, { 'content-length': 2e9 })
    response.write(lines(patient('huge')))
  }
  const done = await ended(at(await post(manifest(['Patient', '/huge']))))
  assert.equal(done.status, 500)
  assert.match(
    done.json.issue[0].details.text,
    /file 1 \(Patient\) cannot be loaded: the files are larger than the 1 GB/,
  )
  assert.equal((await app.get(north, 'Patient/huge', token)).status, 404)
})

for (const [name, answer, sentence] of [
  [
    'redirects',
    (status: { redirect: string }) => ({ status: 302, headers: { location: status.redirect } }),
    /it answered 302/,
  ],
  ['is not there', () => ({ status: 404, headers: {} }), /it answered 404/],
] as const) {
  test(`a source that ${name} is not followed and ends the import`, async () => {
    let followed = 0
    files.answers['/target'] = (_request, response) => {
      followed++
      response.end(lines(patient('followed')))
    }
    files.answers['/from'] = (_request, response) => {
      const { status, headers } = answer({ redirect: `${files.url}/target` })
      response.writeHead(status, headers).end()
    }
    const done = await ended(at(await post(manifest(['Patient', '/from']))))
    assert.equal(done.status, 500)
    assert.match(done.json.issue[0].details.text, sentence)
    assert.equal(followed, 0)
  })
}
