/** What the parameters of an export ask for. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { begin, exportingOne, kept, parameters, respondAsync } from './exporting.ts'

const exports = await exportingOne()
after(() => exports[Symbol.asyncDispose]())
const token = await exports.token()

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
  const all = await Promise.all(
    [comma, repeated, String(posted.headers['content-location'])].map((status) => kept(exports, status)),
  )
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
    assert.deepEqual(
      (await kept(exports, await begin(exports, `$export?_typeFilter=${text}`, token))).request.filters,
      filters,
    )
  })
}

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
    assert.deepEqual((await kept(exports, String(answer.headers['content-location']))).request.patients, ['p1', 'p2'])
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
      const { request } = await kept(exports, await begin(exports, `$export?${query}`, token))
      assert.equal(request.provenance, provenance)
      assert.equal(request.types.includes('Provenance'), isAmong)
    })
  }
})

test('sizes of files follow the practice and what is asked', async () => {
  const shapeOf = async (query: string) => (await kept(exports, await begin(exports, `$export?${query}`, token))).shape
  const usual = await shapeOf('')
  assert.deepEqual([usual.mostLines, usual.mostBytes], [10_000, 100_000_000])
  assert.equal((await shapeOf('_maximumFileSize=200000')).mostBytes, 200_000)
  assert.equal((await shapeOf('_maximumFileSize=900000000')).mostBytes, 100_000_000)
  const least = await shapeOf('_minimumFileSize=200000000')
  assert.ok(least.mostBytes >= 200_000_000 && least.mostLines >= 1_000_000)
})
