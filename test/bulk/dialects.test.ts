/** The walks of specs/seeds.md 10 that are about exports: each system's own addresses, names and texts. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { begin, ended, exporting, respondAsync } from './exporting.ts'

const root = 'http://localhost:8080/north'

test('modmed: MMB-4 to MMB-9', async () => {
  await using exports = await exporting({ dialect: 'modmed' })
  await exports.work()
  const { send } = exports
  const token = await exports.token()
  for (const path of [
    '$export?_since=2022-10-01T00:00:00&_outputFormat=ndjson',
    'Patient/$export',
    'Group/g1/$export',
  ]) {
    const begun = await send('GET', `/north/${path}`, token, respondAsync)
    assert.equal(begun.status, 202, begun.text)
    const status = String(begun.headers['content-location'])
    assert.match(status, new RegExp(`^${root}/fhir-services/\\$export-status/[0-9a-f]{32}$`))
    const { json } = await ended(exports, status, token)
    assert.equal(json.requiresAccessToken, false)
    assert.equal(json.request, `${root}/${path}`)
    const [{ type, url }] = json.output
    assert.match(url, new RegExp(`^${root}/ema/north/[0-9a-f]{32}/${type.toLowerCase()}_1\\.ndjson\\?ticket=`))
    const file = await send('GET', url)
    assert.equal(file.status, 200, file.text)
    assert.equal(json.error.length, path.includes('_since') ? 1 : 0, 'C10: it is said that UTC was read')
    assert.equal((await send('GET', status.replace('/fhir-services', ''), token)).status, 200)
    assert.equal((await send('DELETE', status, token)).status, 202)
    assert.equal((await send('GET', url)).status, 404)
  }
  const csv = await send('GET', '/north/$export?_outputFormat=csv', token, respondAsync)
  assert.equal(csv.status, 400)
  const [{ details, diagnostics }] = csv.json.issue
  assert.equal(details.text, 'Invalid Tenant')
  assert.match(diagnostics, /application\/fhir\+ndjson, application\/ndjson, ndjson/)
})

test('veradigm: VER-4 to VER-6', async () => {
  await using exports = await exporting({ dialect: 'veradigm' })
  const token = await exports.token()
  const status = await begin(exports, 'Group/g1/$export', token)
  const first = await exports.send('GET', status, token)
  assert.equal(first.status, 202)
  assert.match(String(first.headers['x-progress']), /^\d+%$/)
  assert.equal(first.headers['retry-after'], '1', 'C12: a minute')
  await exports.work()
  const done = await ended(exports, status, token)
  assert.ok(done.headers.expires)
  assert.equal((await exports.send('DELETE', status, token)).status, 202)
})

test('integra: INT-16 to INT-23', async () => {
  await using exports = await exporting({ dialect: 'integra' })
  const { send } = exports
  const own = await exports.token()
  const base = '/north/integra/fhir-export/r4/bulkExport'
  for (const path of ['$export', 'patient/$export', 'group/g1/$export', 'Group/g1/$export']) {
    const begun = await send('GET', `${base}/${path}?_outputFormat=application/fhir%2Bndjson`, own, respondAsync)
    assert.equal(begun.status, 202, begun.text)
    const status = String(begun.headers['content-location'])
    assert.match(status, new RegExp(`^${root}/integra/fhir-export/r4/bulkExport/[0-9a-f]{32}$`))
    assert.equal((await send('GET', status, own)).headers['x-progress'], 'In-Progress')
    await using _ = await exports.work()
    const { json } = await ended(exports, status, own)
    assert.equal(json.requiresAccessToken, true)
    const [{ type, url }] = json.output
    const id = status.slice(status.lastIndexOf('/') + 1)
    const name = `${type.toLowerCase()}_file_1.ndjson`
    assert.equal(url, `${root}/MoBulkDownload/downloadNDJSON?objectId=${id}&resource=${type}&fileName=${name}`)
    const byHeader = { 'x-auth-token': own }
    assert.equal((await send('GET', url, undefined, byHeader)).status, 200)
    assert.equal((await send('GET', url.replace('/MoBulk', '/integra/MoBulk'), own)).status, 200, 'C14')
    assert.equal((await send('GET', url)).status, 401)
    for (const wrong of ['nothing_file_1.ndjson', '../../installation', '']) {
      const missing = await send('GET', url.replace(name, encodeURIComponent(wrong)), own)
      assert.equal(missing.status, 403, wrong)
      assert.equal(missing.json.issue[0].details.text, 'ATTACHMENT_FILE_NOT_FOUND')
    }
    const ended202 = await send('DELETE', status, own)
    assert.deepEqual([ended202.status, ended202.text], [202, ''])
    assert.equal((await send('GET', url, own)).status, 403, 'C15')
  }
})

test('integra, C18: the same again is the export that runs, and only when all is the same', async () => {
  await using exports = await exporting({ dialect: 'integra' })
  const own = await exports.token()
  const first = await begin(exports, '$export?_type=Patient', own)
  assert.equal(await begin(exports, '$export?_type=Patient', own), first)
  const others = [
    await begin(exports, '$export?_type=Patient', own, { 'cache-control': 'no-cache' }),
    await begin(exports, '$export?_type=Observation', own),
    await begin(exports, '$export?_type=Patient&_since=2026-01-01T00:00:00Z', own),
    await begin(exports, 'Patient/$export?_type=Patient', own),
    await begin(exports, '$export?_type=Patient', await exports.token('system/Patient.rs')),
  ]
  assert.equal(new Set([first, ...others]).size, 6)
})

for (const path of [
  '/north/$export',
  '/north/integra/fhir-export/r4/bulkExport/$export',
  '/north/MoBulkDownload/downloadNDJSON',
]) {
  test(`${path} is of other dialects, not of the standard`, async () => {
    await using exports = await exporting()
    assert.equal((await exports.send('GET', path, await exports.token(), respondAsync)).status, 404)
  })
}
