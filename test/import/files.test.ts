/** $import: an app names files of another machine, the server fetches and loads them. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { at, importing, scope } from './importing.ts'
import { lines, patient } from './source.ts'

const here = await importing()
after(() => here[Symbol.asyncDispose]())
const { app, north, files, client, token, importer, post, manifest, ask, ended } = here

test('files of two types are fetched without credentials and loaded; the result says how many of each', async () => {
  files.answers['/p'] = (_request, response) => response.end(lines(patient('a'), patient('b')))
  const seen = {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { text: 'x' },
    subject: { reference: 'Patient/a' },
  }
  files.answers['/o'] = (_request, response) => response.end(gzipSync(lines(seen)))
  const begun = await post(manifest(['Patient', '/p'], ['Observation', '/o']))
  assert.equal(begun.status, 202, begun.text)
  const done = await ended(at(begun))
  assert.equal(done.status, 200, done.text)
  assert.equal(done.headers['content-type'], 'application/json')
  assert.ok(Date.parse(String(done.headers.expires)) > Date.now())
  const { transactionTime, ...result } = done.json
  assert.ok(Date.parse(transactionTime) <= Date.now())
  assert.deepEqual(result, {
    request: 'http://localhost:8080/north/fhir/r4/$import',
    requiresAccessToken: true,
    output: [
      { type: 'Patient', inputUrl: `${files.url}/p`, count: 2 },
      { type: 'Observation', inputUrl: `${files.url}/o`, count: 1 },
    ],
    error: [],
  })
  assert.equal((await app.get(north, 'Observation/o', token)).status, 200)
  for (const { headers } of files.asked) assert.ok(!headers.authorization && !headers.cookie)
})

test('the same as Parameters', async () => {
  files.answers['/q'] = (_request, response) => response.end(lines(patient('q')))
  const part = [
    { name: 'type', valueCode: 'Patient' },
    { name: 'url', valueUrl: `${files.url}/q` },
  ]
  const begun = await post({
    resourceType: 'Parameters',
    parameter: [
      { name: 'inputFormat', valueCode: 'application/fhir+ndjson' },
      { name: 'inputSource', valueUri: 'https://other.example.org' },
      { name: 'storageDetail', part: [{ name: 'type', valueCode: 'https' }] },
      { name: 'input', part },
    ],
  })
  const done = await ended(at(begun))
  assert.equal(done.json.output?.[0]?.count, 1, done.text)
})

test('what cannot be loaded is told in a file that its client alone fetches; the rest is loaded', async () => {
  const other = { resourceType: 'Organization', id: 'x' }
  const script = {
    ...patient('e4'),
    text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script/></div>' },
  }
  const body = `${lines(patient('e1'), other, { ...patient('e2'), gender: 'Q' })}nonsense\n${lines(script, patient('e3'))}`
  files.answers['/e'] = (_request, response) => response.end(body)
  const begun = await post(manifest(['Patient', '/e']))
  const done = await ended(at(begun))
  assert.deepEqual(done.json.output, [{ type: 'Patient', inputUrl: `${files.url}/e`, count: 2 }])
  const [error] = done.json.error
  assert.deepEqual([error.type, error.inputUrl, error.count], ['OperationOutcome', `${files.url}/e`, 4])
  const fetched = await ask(new URL(error.url).pathname)
  assert.equal(fetched.headers['content-type'], 'application/fhir+ndjson')
  const told = fetched.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.ok(told.every(({ resourceType }) => resourceType === 'OperationOutcome'))
  const texts = told.map(({ issue: [first] }) => first.details.text as string).sort()
  assert.match(texts[0] ?? '', /^Line 2: Cannot load Organization: the file was announced as one of Patient/)
  assert.match(texts[1] ?? '', /^Line 3: Patient.gender: /)
  assert.match(texts[2] ?? '', /^Line 4: /)
  assert.match(texts[3] ?? '', /^Line 5: Patient.text.div: /)
  const stranger = await app.token(north, { client: await importer(north), scope })
  for (const path of [at(begun), new URL(error.url).pathname])
    assert.equal((await ask(path, 'GET', stranger)).status, 404)
  assert.equal((await ask(at(begun), 'DELETE', stranger)).status, 404)
  for (const grant of [{ scope: 'system/*.cruds', user: 'Practitioner/1' }, { scope: 'user/*.cruds' }]) {
    const ofUser = await app.token(north, { client, ...grant })
    assert.equal((await ask(new URL(error.url).pathname, 'GET', ofUser)).status, 404)
  }
  const south = await app.addPractice('south')
  const foreign = await app.token(south, { client, scope })
  assert.equal((await ask(at(begun).replace('/north/', '/south/'), 'GET', foreign)).status, 404)
})

test('what is outside of what the app may write is told, and the rest is loaded', async () => {
  const labs = 'system/Observation.cruds?category=laboratory'
  const other = await importer(north, { scopes: labs })
  const own = await app.token(north, { client: other, scope: labs })
  const seen = (id: string, code: string) => ({
    ...{ resourceType: 'Observation', id, status: 'final', code: { text: 'x' }, category: [{ coding: [{ code }] }] },
  })
  const all = lines(seen('l1', 'laboratory'), seen('l2', 'survey'), seen('l3', 'laboratory'))
  files.answers['/labs'] = (_request, response) => response.end(all)
  const begun = await post(manifest(['Observation', '/labs']), { token: own })
  const done = await ended(at(begun), own)
  assert.deepEqual([done.json.output?.[0]?.count, done.json.error?.[0]?.count], [2, 1], done.text)
  const told = await ask(new URL(done.json.error[0].url).pathname, 'GET', own)
  assert.match(told.text, /Cannot change Observation\/l2/)
  assert.equal((await app.get(north, 'Observation/l2', token)).status, 404)
})
