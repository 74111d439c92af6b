/** What may be asked for when an export begins, and what is said to who asks for something else. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { findExport } from '../../src/bulk/records/exports-store.ts'
import { noticesOf } from '../../src/bulk/records/notices-store.ts'
import { begin, type Exporting, exporting, newApp, respondAsync } from './exporting.ts'

let exports: Exporting
let token: string

before(async () => {
  exports = await exporting({ exportsRunning: '1', exportsQueued: '1000' })
  token = await exports.token()
})
after(() => exports[Symbol.asyncDispose]())

async function kept(status: string) {
  const { db } = exports.app.installation
  const id = status.slice(status.lastIndexOf('/') + 1)
  const exported = await findExport(db, exports.practice.number, id)
  assert.ok(exported)
  return { ...exported, notices: await noticesOf(db, exports.practice.number, id) }
}

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

for (const format of [
  'application/fhir%2Bndjson',
  'application/fhir+ndjson',
  'application/fhir%252Bndjson',
  'application/ndjson',
  'ndjson',
  'NDJSON',
]) {
  test(`_outputFormat=${format} is taken`, async () => {
    await begin(exports, `$export?_outputFormat=${format}`, token)
  })
}

for (const headers of [{}, { accept: 'application/fhir+json, */*; q=0.1' }, { prefer: 'respond-async' }]) {
  test(`B3: ${JSON.stringify(headers)} is enough of headers`, async () => {
    assert.equal((await exports.send('GET', '/north/fhir/r4/$export', token, headers)).status, 202)
  })
}

const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })

test('B1: a comma list, repeated parameters and Parameters ask for the same', async () => {
  const since = '2020-01-01T00:00:00.123456Z'
  const comma = await begin(exports, `Patient/$export?_type=Patient,Observation&_since=${since}`, token)
  const repeated = await begin(exports, `Patient/$export?_type=Patient&_type=Observation&_since=${since}`, token)
  const body = parameters(
    { name: '_type', valueCode: 'Patient' },
    { name: '_type', valueString: 'Observation' },
    { name: '_since', valueInstant: since },
  )
  const posted = await exports.send('POST', '/north/fhir/r4/Patient/$export', token, respondAsync, body)
  const all = await Promise.all([comma, repeated, String(posted.headers['content-location'])].map(kept))
  for (const { request } of all) assert.deepEqual(request, all[0]?.request)
  assert.equal(all[0]?.request.since, Date.UTC(2020, 0, 1) * 1000 + 123_456)
  assert.deepEqual(all[0]?.request.types, ['Patient', 'Observation'])
})

for (const [text, filters] of [
  ['Observation%3Fstatus%3Dfinal', { Observation: ['status=final'] }],
  ['Observation?status=final', { Observation: ['status=final'] }],
  ['Observation%3Fstatus%3Dfinal,Observation%3Fcode%3Dx', { Observation: ['status=final', 'code=x'] }],
  ['Observation%3Fstatus%3Dfinal,Condition%3Fcode%3Dx', { Observation: ['status=final'], Condition: ['code=x'] }],
  ['Observation%3Fstatus%3Dfinal%252Camended', { Observation: ['status=final%2Camended'] }],
  [
    'Observation%3Fstatus%3Dfinal%2Camended,Condition%3Fcode%3Dx',
    { Observation: ['status=final%2Camended'], Condition: ['code=x'] },
  ],
  [
    'Observation%253Fstatus%253Dfinal,Condition%253Fcode%253Dx',
    { Observation: ['status=final'], Condition: ['code=x'] },
  ],
  ['Observation%3Fstatus%3Dfinal&_typeFilter=Observation%3Fcode%3Dx', { Observation: ['status=final', 'code=x'] }],
  [
    'Observation%3Fstatus%3Ain%3Dhttp%253A%252F%252Fhl7.org%252Ffhir%252FValueSet%252Fobservation-status',
    { Observation: ['status%3Ain=http%3A%2F%2Fhl7.org%2Ffhir%2FValueSet%2Fobservation-status'] },
  ],
] as const) {
  test(`P16: _typeFilter=${text} is read`, async () => {
    assert.deepEqual((await kept(await begin(exports, `$export?_typeFilter=${text}`, token))).request.filters, filters)
  })
}

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
      const { notices } = await kept(String(answer.headers['content-location']))
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

describe('patient', () => {
  const post = (path: string, ...references: string[]) => {
    const body = parameters(...references.map((reference) => ({ name: 'patient', valueReference: { reference } })))
    return exports.send('POST', `/north/fhir/r4/${path}`, token, respondAsync, body)
  }

  test('names patients, relative or by a base of the practice', async () => {
    const answer = await post(
      'Patient/$export',
      'Patient/p1',
      'http://localhost:8080/north/fhir/r4/Patient/p2',
      'Patient/p1',
    )
    assert.equal(answer.status, 202, answer.text)
    assert.deepEqual((await kept(String(answer.headers['content-location']))).request.patients, ['p1', 'p2'])
  })

  for (const [path, reference, says] of [
    ['Patient/$export', 'Patient/none', /Patient\/none is not known/],
    ['Patient/$export', 'Observation/o1', /a reference such as Patient\/1 is wanted/],
    ['Group/g1/$export', 'https://elsewhere.example/Patient/p1', /a reference such as Patient\/1 is wanted/],
    ['$export', 'Patient/p1', /not at system level/],
  ] as const) {
    test(`${reference} at ${path} is refused`, async () => {
      const answer = await post(path, reference)
      assert.equal(answer.status, 400)
      assert.match(answer.json.issue[0].details.text, says)
    })
  }
})

describe('VER-3 and includeAssociatedData', () => {
  for (const [query, provenance, isAmong] of [
    ['', 'all', true],
    ['_type=Patient,Provenance', 'all', true],
    ['_type=Patient', 'none', false],
    ['includeAssociatedData=LatestProvenanceResources', 'latest', true],
    ['_type=Patient&includeAssociatedData=LatestProvenanceResources', 'latest', true],
    ['includeAssociatedData=LatestProvenanceResources,RelevantProvenanceResources', 'all', true],
  ] as const) {
    test(`$export?${query}: Provenance ${provenance}`, async () => {
      const { request } = await kept(await begin(exports, `$export?${query}`, token))
      assert.equal(request.provenance, provenance)
      assert.equal(request.types.includes('Provenance'), isAmong)
    })
  }
})

test('sizes of files follow the practice and what is asked', async () => {
  const shapeOf = async (query: string) => (await kept(await begin(exports, `$export?${query}`, token))).shape
  const usual = await shapeOf('')
  assert.deepEqual([usual.mostLines, usual.mostBytes], [10_000, 100_000_000])
  assert.equal((await shapeOf('_maximumFileSize=200000')).mostBytes, 200_000)
  assert.equal((await shapeOf('_maximumFileSize=900000000')).mostBytes, 100_000_000)
  const least = await shapeOf('_minimumFileSize=200000000')
  assert.ok(least.mostBytes >= 200_000_000 && least.mostLines >= 1_000_000)
})

test('P19: a kick-off reads by key only: the token, the Group and named patients', async () => {
  const body = parameters({ name: 'patient', valueReference: { reference: 'Patient/p1' } })
  const kickOff = () => exports.send('POST', '/north/fhir/r4/Group/g1/$export', token, respondAsync, body)
  await kickOff()
  exports.app.takeStatements()
  assert.equal((await kickOff()).status, 202)
  const statements = exports.app.takeStatements()
  const reading = statements.filter((text) => /\b(from|join)\s+(resource|index_\w+|group_member)\b/.test(text))
  assert.equal(reading.length, 2, 'the Group, the Patients')
  for (const text of reading) assert.match(text, /from resource where practice = \$1 and key = any\(\$2::int8\[\]\)$/)
  assert.ok(statements.length <= 12, statements.join('\n'))
})

test('one more than may wait is 429, and DELETE makes room', async () => {
  await using few = await exporting({ exportsRunning: '1', exportsQueued: '1' })
  const client = await newApp(few)
  const own = await few.token('system/*.rs', { client })
  const first = await begin(few, '$export', own)
  await begin(few, '$export', own)
  const refused = await few.send('GET', '/north/fhir/r4/$export', own, respondAsync)
  assert.equal(refused.status, 429, refused.text)
  assert.equal(refused.headers['retry-after'], '30')
  assert.match(refused.json.issue[0].details.text, /1 exports of this app wait already/)
  const states = async () =>
    (await few.send('GET', '/north/fhir/r4/$export-status', own)).json.exports.map(
      (one: { state: string }) => one.state,
    )
  assert.deepEqual(await states(), ['queued', 'running'])
  await begin(few, '$export', await few.token()) // another app has its own count
  assert.equal((await few.send('DELETE', first, own)).status, 202)
  assert.deepEqual(await states(), ['running'])
  await begin(few, '$export', own)
})

test('P27: a practice has limits of its own, over all apps', async () => {
  await using few = await exporting({ exportsRunning: '5', practiceExportsRunning: '2', practiceExportsQueued: '2' })
  const [one, other] = [
    await few.token('system/*.rs', { client: await newApp(few) }),
    await few.token('system/*.rs', { client: await newApp(few) }),
  ]
  for (const app of [one, one, one, other]) await begin(few, '$export', app)
  const refused = await few.send('GET', '/north/fhir/r4/$export', other, respondAsync)
  assert.equal(refused.status, 429, refused.text)
  assert.equal(refused.headers['retry-after'], '30')
  assert.match(refused.json.issue[0].details.text, /2 exports wait already at this practice/)
  const { exports: own } = (await few.send('GET', '/north/fhir/r4/$export-status', one)).json
  assert.equal((await few.send('DELETE', own.at(-1).status, one)).status, 202)
  await begin(few, '$export', other)
})

test('of kick-offs at once no more run than may', async () => {
  await using few = await exporting({ exportsRunning: '2' })
  const own = await few.token()
  await Promise.all(Array.from({ length: 10 }, () => begin(few, '$export', own)))
  const { exports: all } = (await few.send('GET', '/north/fhir/r4/$export-status', own)).json
  assert.equal(all.length, 10)
  assert.equal(all.filter(({ state }: { state: string }) => state === 'running').length, 2)
})

test('Idempotency-Key: the same again is the same export, something else is 422', async () => {
  const headers = { 'idempotency-key': 'k-1' }
  const first = await begin(exports, '$export?_type=Patient', token, headers)
  assert.equal(await begin(exports, '$export?_type=Patient', token, headers), first)
  assert.notEqual(await begin(exports, '$export?_type=Patient', token, { 'idempotency-key': 'k-2' }), first)
  const other = await exports.send('GET', '/north/fhir/r4/$export', token, { ...respondAsync, ...headers })
  assert.equal(other.status, 422, other.text)
})

test('Idempotency-Key: what was deleted is had by the same key once more', async () => {
  const headers = { 'idempotency-key': 'k-3' }
  const first = await begin(exports, '$export?_type=Patient', token, headers)
  assert.equal((await exports.send('DELETE', first, token)).status, 202)
  const again = await begin(exports, '$export?_type=Patient', token, headers)
  assert.notEqual(again, first)
  assert.equal(await begin(exports, '$export?_type=Patient', token, headers), again)
})

test('P22: without a key each kick-off is an export of its own', async () => {
  assert.notEqual(
    await begin(exports, '$export?_type=Patient', token),
    await begin(exports, '$export?_type=Patient', token),
  )
})

test('K6-K8: a strict practice wants both headers', async () => {
  await using strict = await exporting({ exportHeaders: 'strict' })
  const own = await strict.token()
  for (const [headers, status] of [
    [respondAsync, 202],
    [{ accept: 'application/fhir+json' }, 400],
    [{ prefer: 'respond-async' }, 406],
    [{ accept: '*/*', prefer: 'respond-async' }, 406],
  ] as const) {
    const answer = await strict.send('GET', '/north/fhir/r4/$export', own, headers)
    assert.equal(answer.status, status, `${JSON.stringify(headers)} ${answer.text}`)
    assert.equal(answer.json.resourceType, 'OperationOutcome')
  }
})

test('B8: 90 kick-offs in a row from one app, each cancelled at once, meet no limit; nor do they uncancelled', async () => {
  await using plain = await exporting({ exportsRunning: '2' })
  const own = await plain.token()
  for (let n = 0; n < 90; n++) {
    const status = await begin(plain, '$export', own)
    if (n % 2 === 0) assert.equal((await plain.send('DELETE', status, own)).status, 202)
  }
  for (let n = 0; n < 45; n++) await begin(plain, '$export', own)
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
