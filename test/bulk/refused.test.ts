/** What is said to who asks for an export that there is not. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { exportingOne, kept, parameters, respondAsync } from './exporting.ts'

const exports = await exportingOne()
after(() => exports[Symbol.asyncDispose]())
const token = await exports.token()

const typed = '_type=Patient,Observation'

// biome-ignore format: a table
for (const [path, says] of [
  ['$export?_outputFormat=application/xml',              /"_outputFormat": "application\/xml" is not offered; application\/fhir\+ndjson, application\/ndjson, ndjson are/],
  ['$export?_outputFormat=text/html',                    /"text\/html" is not offered/],
  ['$export?_outputFormat=csv',                          /"csv" is not offered/],
  ['$export?_outputFormat=ndjson&_outputFormat=ndjson',  /given 2 times/],
  ['$export?_since=yesterday',                           /"_since": "yesterday" is not an instant such as/],
  ['$export?_since=2026-01-31',                          /is not an instant/],
  ['$export?_since=2026-02-31T00:00:00Z',                /is not an instant/],
  ['$export?_since=2022-10-01T00:00:00',                 /names no time zone; "2022-10-01T00:00:00Z"/],
  ['$export?_since=2999-01-01T00:00:00Z',                /"_since": it lies in the future/],
  ['$export?_since=2022-01-01T00:00:00Z&_until=2021-01-01T00:00:00Z', /"_until": it is not after _since/],
  ['$export?_type=Nonsense',                             /"_type": "Nonsense" is not a resource type of FHIR R4/],
  ['$export?_type=patient',                              /"patient" is not a resource type of FHIR R4; Patient is/],
  ['$export?_type=Patient,AuditEvent',                   /AuditEvent goes into no export/],
  ['$export?_type=',                                     /"_type": it has no value/],
  ['Patient/$export?_type=MessageHeader',                /MessageHeader is no part of patients' records: export it at system level/],
  ['Group/g1/$export?_type=Bundle',                      /Bundle is no part of patients' records/],
  ['$export?patient=Patient/p1',                         /"patient": it is taken by Patient\/\$export and Group\/\{id\}\/\$export/],
  ['Patient/$export?patient=Patient/p1',                 /"patient": it is taken by POST only/],
  [`$export?${typed}&_typeFilter=Condition%3Fcode%3Dx`,  /Condition is not among the types that are exported/],
  ['$export?_typeFilter=Observation',                    /"Observation" is not a search such as/],
  ['$export?_typeFilter=Observation%3Fnonsense%3Dx',     /"_typeFilter" for Observation: .*"nonsense"/],
  ['$export?_typeFilter=Observation%3F_sort%3Ddate',     /"_sort" shapes an answer/],
  ['$export?_typeFilter=Observation%3F_include%3AObservation%3Dx', /shapes an answer/],
  ['$export?_typeFilter=Observation%3Fdate%3Dx',         /"_typeFilter" for Observation/],
  ['$export?_typeFilter=Observation%253F%25zz',          /"%" is not followed/],
  ['$export?_typeFilter=Observation%3Fcode%3Ain%3Dhttp://x.example/vs', /"_typeFilter" for Observation/],
  ['$export?_elements=Patient.name.family',              /"Patient.name.family" lies deeper/],
  ['$export?_elements=nonsense',                         /no type that is exported has an element "nonsense"/],
  ['$export?_elements=Patient.nonsense',                 /Patient has no element "nonsense"/],
  [`$export?${typed}&_elements=Condition.code`,          /Condition is not among the types/],
  ['$export?includeAssociatedData=_custom',              /"_custom" is not offered; LatestProvenanceResources and RelevantProvenanceResources are/],
  ['$export?organizeOutputBy=Organization',              /"Organization" is not offered; Patient is/],
  ['$export?allowPartialManifests=maybe',                /"maybe" is neither true nor false/],
  ['$export?_maximumFileSize=0',                         /"0" is not a number of bytes/],
  ['$export?_maximumFileSize=10',                        /at least 100000 bytes/],
  ['$export?_minimumFileSize=300000&_maximumFileSize=200000', /it is more than _maximumFileSize/],
  ['$export?_nonsense=1',                                /no parameter "_nonsense": it takes _outputFormat, /],
] as const) {
  test(`${path} is 400 and says why`, async () => {
    const answer = await exports.send('GET', `/north/fhir/r4/${path}`, token, respondAsync)
    assert.equal(answer.status, 400, answer.text)
    assert.equal(answer.json.resourceType, 'OperationOutcome')
    assert.match(answer.json.issue[0].details.text, says)
  })
}

test('B4: a Group that is not there is 404, a type that it is not offered for 501', async () => {
  const missing = await exports.send('GET', '/north/fhir/r4/Group/none/$export', token, respondAsync)
  assert.equal(missing.status, 404)
  assert.match(missing.json.issue[0].details.text, /Group\/none is not known/)
  assert.equal((await exports.send('GET', '/north/fhir/r4/Observation/$export', token, respondAsync)).status, 501)
})

describe('B5: with Prefer: handling=lenient', () => {
  for (const [query, says] of [
    ['_typeFilter=Observation%3Fnonsense%3Dx', /"_typeFilter" for Observation/],
    ['_elements=nonsense', /"_elements"/],
    ['includeAssociatedData=_custom', /"includeAssociatedData"/],
    ['organizeOutputBy=Organization', /"organizeOutputBy"/],
    ['_nonsense=1', /no parameter "_nonsense"/],
    ['_type=Patient,Nonsense', /"Nonsense" is not a resource type/],
    ['_since=2022-10-01T00:00:00', /was read as UTC/],
  ] as const) {
    test(`${query} is left out, and the export says so`, async () => {
      const prefer = 'respond-async, handling=lenient'
      const answer = await exports.send('GET', `/north/fhir/r4/$export?${query}`, token, { prefer })
      assert.equal(answer.status, 202, answer.text)
      assert.equal(answer.headers['preference-applied'], prefer)
      const { notices } = await kept(exports, String(answer.headers['content-location']))
      assert.equal(notices.length, 1)
      assert.match(notices[0]?.sentence ?? '', says)
      assert.ok(['warning', 'information'].includes(notices[0]?.severity ?? ''), 'B16')
    })
  }

  test('what decides who is exported is not left out', async () => {
    for (const path of ['$export?patient=Patient/p1', '$export?_since=yesterday', '$export?_type=Nonsense']) {
      const answer = await exports.send('GET', `/north/fhir/r4/${path}`, token, { prefer: 'handling=lenient' })
      assert.equal(answer.status, 400, path)
    }
  })
})

const many = (text: string) => Array.from({ length: 1001 }, (_, i) => `${text}${i}`).join()

for (const [name, valueString] of [
  ['_elements', many('x')],
  ['_type', many('x')],
  ['_typeFilter', many('Patient?name=x')],
] as const) {
  test(`S-25: 1001 values of ${name} are refused, leniently too`, async () => {
    const headers = { ...respondAsync, prefer: 'respond-async, handling=lenient' }
    const body = parameters({ name, valueString })
    const answer = await exports.send('POST', '/north/fhir/r4/$export', token, headers, body)
    assert.equal(answer.status, 400)
    assert.match(answer.json.issue[0].details.text, /at most 1000 are taken at once, and these are 1001/)
  })
}

test('S-25: a thousand elements that no type has keep nobody waiting', async () => {
  const text = Array.from({ length: 1000 }, (_, i) => `x${i}`).join()
  const headers = { ...respondAsync, prefer: 'respond-async, handling=lenient' }
  const cpu = process.cpuUsage()
  await exports.send(
    'POST',
    '/north/fhir/r4/$export',
    token,
    headers,
    parameters({ name: '_elements', valueString: text }),
  )
  assert.ok(process.cpuUsage(cpu).user < 2_000_000, 'microseconds; reading all types for each name takes more')
})
