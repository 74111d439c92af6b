/** Over real connections, with the client that comes along. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folder } from '../bulk-client/download.ts'
import { charthouse, freePort } from '../cli/command.ts'
import { exporting } from './exporting.ts'

for (const settings of [{ exportGzip: 'on' }, { exportUrls: 'capability' }] as const) {
  test(`charthouse bulk-download loads an export of this server: ${JSON.stringify(settings)}`, async () => {
    const port = await freePort()
    await using exports = await exporting(settings, { BASE_URL: `http://localhost:${port}` })
    await exports.work()
    await exports.app.server.listen({ port, host: 'localhost' })
    using out = folder()
    const token = await exports.token()
    const args = [
      'bulk-download',
      `http://localhost:${port}/north/fhir/r4`,
      '--patient',
      '--out',
      out.path,
      '--token',
      '-',
    ]
    const { status, err } = await charthouse(args, {}, token)
    assert.equal(status, 0, err)
    const ids = out
      .read('Patient.1.ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id)
    assert.deepEqual(ids.sort(), ['p1', 'p2'])
    const list = await fetch(`http://localhost:${port}/north/fhir/r4/$export-status`, {
      headers: { authorization: `Bearer ${token}` },
    })
    assert.deepEqual(await list.json(), { exports: [] }, 'the client deleted it')
  })
}
