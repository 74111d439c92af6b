/** What may be asked of $import, and by whom. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { at, importing, scope } from './importing.ts'

const here = await importing()
after(() => here[Symbol.asyncDispose]())
const { app, north, files, client, importer, post, manifest, ask } = here

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

test('a third import of an app waits for one that runs', async () => {
  files.answers['/open'] = (_request, response) => void response.write('\n')
  const begun = [await post(manifest(['Patient', '/open'])), await post(manifest(['Patient', '/open']))]
  assert.equal((await post(manifest(['Patient', '/open']))).status, 429)
  for (const one of begun) assert.equal((await ask(at(one), 'DELETE')).status, 202)
})
