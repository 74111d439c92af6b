import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialects } from '#dialects'
import type { Found } from '#store'
import { authorization, clinic, row, served } from '../stand-ins/served.ts'

const patient = row('Patient', '1', { text: { status: 'empty' }, active: true, birthDate: '2000-01-01', photo: [] })

function stored(type: string, id: string): Found {
  if (id === 'gone') return { state: 'deleted', updated: Date.UTC(2026, 0, 2, 3, 4, 5, 678) * 1000, version: 2 }
  return id === '1' && type === 'Patient' ? { state: 'current', row: patient } : { state: 'none' }
}

// biome-ignore format: a table
for (const [what, url, status, part] of [
  ['answers the stored text', 'Patient/1', 200, patient.body],
  ['answers 404 for an unknown id', 'Patient/2', 404, 'Patient/2 is not known'],
  ['answers 410 for a deleted one', 'Patient/gone', 410, 'Patient/gone was deleted'],
  ['answers 404 for an unknown type', 'Pacient/1', 404, 'Pacient\\" is not a resource type'],
  ['says how the type is written', 'patient/1', 404, 'Patient is'],
  ['answers 400 for what cannot be an id', 'Patient/a_b', 400, 'is not an id'],
  ['answers 501 for an operation', 'Patient/$nothing', 501, 'not offered'],
  ['shows the elements that were asked for', 'Patient/1?_elements=active', 200, '"active":true}'],
  ['shows no text in _summary=data', 'Patient/1?_summary=data', 200, '"birthDate":"2000-01-01","photo":[]}'],
  ['shows the summary', 'Patient/1?_summary=true', 200, '"active":true,"birthDate":"2000-01-01"}'],
] as const) {
  test(`read() ${what}`, async () => {
    await using app = await served({ read: stored })
    const response = await app.inject({ url: `/clinic/fhir/r4/${url}`, headers: { authorization } })
    assert.equal(response.statusCode, status, response.body)
    assert.ok(response.body.includes(part), response.body)
  })
}

test('read() answers with version and time of the last change', async () => {
  await using app = await served({ read: stored })
  const { headers } = await app.inject({ url: '/clinic/fhir/r4/Patient/1', headers: { authorization } })
  assert.equal(headers.etag, 'W/"2"')
  assert.equal(headers['last-modified'], 'Fri, 02 Jan 2026 03:04:05 GMT')
  assert.equal(headers['content-type'], 'application/fhir+json; charset=utf-8')
})

test('read() refuses a type outside the scopes and names the scope that would allow it', async () => {
  await using app = await served({ read: stored, scopes: 'system/Observation.rs' })
  const response = await app.inject({ url: '/clinic/fhir/r4/Patient/1', headers: { authorization } })
  assert.equal(response.statusCode, 403)
  assert.match(response.json().issue[0].details.text, /system\/Patient\.r/)
})

test('read() knows types in any case where the dialect does, and no type that the practice does not offer', async () => {
  const loose = { ...clinic, dialect: dialects.integra, types: new Set(['Patient']) }
  await using app = await served({ practices: [loose], read: stored })
  const status = async (url: string) => (await app.inject({ url, headers: { authorization } })).statusCode
  assert.equal(await status('/clinic/integra/fhir/r4/patient/1'), 200)
  assert.equal(await status('/clinic/integra/fhir/r4/Observation/1'), 404)
})
