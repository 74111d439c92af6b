import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { compact, withoutVersion } from '#fhir'
import { serverOf } from '../../src/app.ts'
import { testApp } from '../support/test-app.ts'
import { openWriter, patient, type Writer, writer, writingPractice } from './writer.ts'

const app = await testApp()
after(() => app[Symbol.asyncDispose]())

const data = `${import.meta.dirname}/../../../shared/data`
const skip = !existsSync(data) && 'needs ../shared'

/** What is stored, without what a server sets, is what was sent. */
async function isKept(client: Writer, text: string): Promise<boolean> {
  const { resourceType: type, id } = JSON.parse(text) as { resourceType: string; id: string }
  const put = await client.send('PUT', `${type}/${id}`, text)
  assert.ok(put.status === 201 || put.status === 200, `${type}/${id}: ${put.text.slice(0, 500)}`)
  const stored = (await client.send('GET', `${type}/${id}`)).text
  return stored === put.text && withoutVersion(stored) === withoutVersion(compact(text))
}

test('INT-9: the sample of a US Core patient is stored and read back to the letter', { skip }, async () => {
  const client = await openWriter(app)
  assert.ok(await isKept(client, readFileSync(`${data}/samples/int9-us-core-patient.json`, 'utf8')))
})

test("HL7's examples of R4, that of INT-9 among them, are stored and read back to the letter", { skip }, async () => {
  const client = await openWriter(app)
  const folder = mkdtempSync(join(tmpdir(), 'examples-'))
  try {
    execFileSync('tar', ['--zstd', '-xf', `${data}/r4/r4-spec-examples-2459.tar.zst`, '-C', folder])
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
    const some = files.filter((file, index) => index % 10 === 0 || /\bpatient-example\.json$/.test(file))
    assert.ok(some.length > 240)
    for (const file of some) {
      const text = readFileSync(join(folder, file), 'utf8')
      if (text.includes('"AuditEvent"')) continue
      assert.ok(await isKept(client, text), file)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a deletion is reported with who did it, and nothing of a patient', async () => {
  const lines: string[] = []
  const { server } = await serverOf(app.installation, { write: (line) => lines.push(line) })
  try {
    await server.ready()
    const practice = await writingPractice(app)
    const client = await writer(app, practice)
    await client.send('PUT', 'Patient/d1', patient({ id: 'd1', name: [{ family: 'Planted' }] }))
    const token = await app.token(practice, { scope: 'user/*.d', user: 'Practitioner/9', role: 'clinician' })
    for (const id of ['d1', 'd1', 'never']) {
      const url = `/${practice.id}/fhir/r4/Patient/${id}`
      await server.inject({ method: 'DELETE', url, headers: { authorization: `Bearer ${token}` } })
    }
    const reported = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === 'delete')
    assert.equal(reported.length, 1)
    const { practice: where, client: by, user, type, id, request } = reported[0]
    assert.deepEqual([where, by, user, type, id], [practice.id, 'operator', 'Practitioner/9', 'Patient', 'd1'])
    assert.ok(request)
    assert.ok(!lines.join('').includes('Planted'))
  } finally {
    await server.close()
  }
})
