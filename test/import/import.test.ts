/** $import: an app names files of another machine, the server fetches and loads them. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { type PracticeRecord, permitApp } from '#platform'
import { workerOf } from '../../src/app.ts'
import { register } from '../smart/apps.ts'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'
import { lines, patient, type Source, source } from './source.ts'

let app: TestApp
let north: PracticeRecord
let files: Source
let worker: AsyncDisposable
let folder: string
let client: string
let token: string

const scope = 'system/*.cruds'

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'charthouse-import-test-'))
  app = await testApp({ DEVELOPMENT: 'true', DATA_DIR: folder })
  north = await app.addPractice('north', { name: 'North Clinic', writes: 'on', importMaximumGigabytes: '1' })
  files = await source({})
  worker = await workerOf(app.installation, { log: undefined, slots: 1 })
  client = await importer(north)
  token = await app.token(north, { client, scope })
})
after(async () => {
  await worker[Symbol.asyncDispose]()
  await files[Symbol.asyncDispose]()
  await app[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

/** A backend app that the practice permits to import. */
async function importer(practice: PracticeRecord, permitted: Partial<Parameters<typeof permitApp>[3]> = {}) {
  const jwks = 'https://app.example.org/keys'
  const { client: id } = await register(app, practice, { type: 'backend', scopes: scope, keys: { url: jwks } })
  const everything = { scopes: scope, types: undefined, groups: undefined, mayImport: true }
  await permitApp(app.installation.db, practice.number, id, { ...everything, ...permitted })
  return id
}

interface Asking {
  readonly practice?: PracticeRecord
  readonly token?: string
  readonly headers?: Record<string, string>
}

function post(manifest: object, { practice = north, token: other = token, headers = {} }: Asking = {}) {
  const prefer = { prefer: 'respond-async', 'content-type': 'application/json', authorization: `Bearer ${other}` }
  const url = `/${practice.id}/fhir/r4/$import`
  return app.request({ method: 'POST', url, headers: { ...prefer, ...headers }, payload: JSON.stringify(manifest) })
}

const manifest = (...input: readonly (readonly [type: string, path: string])[]) => ({
  inputFormat: 'application/fhir+ndjson',
  inputSource: 'https://other.example.org/fhir',
  storageDetail: { type: 'https' },
  input: input.map(([type, path]) => ({ type, url: path.startsWith('http') ? path : files.url + path })),
})

const at = (answer: Answer) => new URL(String(answer.headers['content-location'])).pathname

function ask(path: string, method = 'GET', other = token) {
  return app.request({ method, url: path, headers: { authorization: `Bearer ${other}` } })
}

/** The status once it is no longer 202. */
async function ended(path: string, other = token): Promise<Answer> {
  for (;;) {
    const status = await ask(path, 'GET', other)
    if (status.status !== 202 && status.status !== 429) return status
    await sleep(50)
  }
}

const ids = async (type: string) =>
  ((await app.get(north, `${type}?_elements=id`, token)).json.entry ?? []).map(
    (entry: { resource: { id: string } }) => entry.resource.id,
  )

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
  await worker[Symbol.asyncDispose]()
  assert.equal((await ask(at(begun))).status, 202)
  worker = await workerOf(app.installation, { log: undefined, slots: 1 })
  const done = await ended(at(begun))
  assert.equal(done.json.output?.[0]?.count, 2, done.text)
  assert.equal(opened, 2)
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
  assert.ok(!(await ids('Patient')).includes('huge'))
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

for (const url of [
  'http://10.0.0.1/p.ndjson',
  'https://169.254.169.254/latest/meta-data',
  'https://[fd12::1]/p.ndjson',
  'https://192.168.1.1/p',
  'ftp://other.example.org/p.ndjson',
  'https://name:secret@other.example.org/p.ndjson',
  'file:///etc/passwd',
  'nonsense',
]) {
  test(`a file at ${url} is refused before anything is fetched`, async () => {
    const refused = await post({ ...manifest(), input: [{ type: 'Patient', url }] })
    assert.equal(refused.status, 400, refused.text)
    assert.deepEqual(refused.json.issue[0].expression, ['input[0].url'])
  })
}

for (const [name, change, sentence] of [
  ['no input', { input: [] }, /at least one file/],
  ['another format', { inputFormat: 'text/csv' }, /"text\/csv" is not read/],
  ['another storage', { storageDetail: { type: 'aws-s3' } }, /"aws-s3" is not read from/],
  ['no source', { inputSource: undefined }, /inputSource/],
  [
    'an unknown type',
    { input: [{ type: 'Person1', url: 'https://a.example.org' }] },
    /"Person1" is not a resource type/,
  ],
] as const) {
  test(`a manifest with ${name} is refused with a sentence`, async () => {
    const refused = await post({ ...manifest(['Patient', '/p']), ...change })
    assert.equal(refused.status, 400, refused.text)
    assert.match(refused.json.issue[0].details.text, sentence)
  })
}

test('who does not wait is told the header', async () => {
  const refused = await post(manifest(['Patient', '/p']), { headers: { prefer: 'return=minimal' } })
  assert.equal(refused.status, 400)
  assert.match(refused.json.issue[0].details.text, /Prefer: respond-async/)
})

test('it takes the permission to import, the scope of each type, a system/ scope, and a practice with writes', async () => {
  const asked = manifest(['Patient', '/p'])
  const without = await app.token(north, { client: await importer(north, { mayImport: false }), scope })
  const refused = await post(asked, { token: without })
  assert.equal(refused.status, 403)
  assert.match(refused.json.issue[0].details.text, /North Clinic has not permitted this app to import/)
  for (const narrow of ['system/*.rs', 'system/Patient.cu', 'system/Observation.cud', 'user/*.cruds']) {
    const other = await app.token(north, { client, scope: narrow })
    assert.equal((await post(asked, { token: other })).status, 403, narrow)
  }
  const ofSome = await app.token(north, { client: await importer(north, { types: ['Observation'] }), scope })
  assert.equal((await post(asked, { token: ofSome })).status, 403)
  const closed = await app.addPractice('closed')
  const atClosed = await app.token(closed, { client: await importer(closed), scope })
  assert.equal((await post(asked, { practice: closed, token: atClosed })).status, 405)
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
  for (let n = 0; n < 62; n++) {
    const answer = await ask(begun, 'GET', its)
    statuses.push(answer.status)
    if (answer.status === 429) assert.equal(answer.headers['retry-after'], '5')
  }
  assert.deepEqual([...new Set(statuses.slice(0, 61))], [202])
  assert.equal(statuses.at(-1), 429)
  held.resolve()
  assert.equal((await ended(begun, its)).status, 200)
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
  await sleep(5500) // permissions are kept for five seconds
  goOn()
  const status = await ended(at(begun), own)
  assert.equal(status.status, 500)
  assert.match(status.json.issue[0].details.text, /has not permitted this app to import/)
  assert.equal((await app.get(north, 'Patient/slow2', token)).status, 404)
})

test('a third import of an app waits for one that runs', async () => {
  files.answers['/open'] = (_request, response) => void response.write('\n')
  const begun = [await post(manifest(['Patient', '/open'])), await post(manifest(['Patient', '/open']))]
  assert.equal((await post(manifest(['Patient', '/open']))).status, 429)
  for (const one of begun) assert.equal((await ask(at(one), 'DELETE')).status, 202)
})
