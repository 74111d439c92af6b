import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { clinic, entry, identified, observation, patient, places, statuses } from './clinic.ts'

const here = await clinic()
after(() => here[Symbol.asyncDispose]())
const { post, get, count } = here
const uuid = (digit: string) => `urn:uuid:${digit.repeat(8)}-1111-4111-8111-111111111111`

test('a transaction creates what refers to each other, in a circle too', async () => {
  const answer = await post('transaction', [
    entry('POST', 'Patient', patient({ link: [{ other: { reference: uuid('b') }, type: 'seealso' }] }), {}, uuid('a')),
    entry('POST', 'Patient', patient({ link: [{ other: { reference: uuid('a') }, type: 'seealso' }] }), {}, uuid('b')),
    entry('POST', 'Observation', observation('urn:oid:1.2.3')),
    entry('POST', 'Patient', patient(), {}, 'urn:oid:1.2.3'),
    entry('POST', 'Observation', observation('http://elsewhere/Patient/7')),
    entry('POST', 'Patient', patient({ id: '7' }), {}, 'http://elsewhere/Patient/7'),
    entry('POST', 'Observation', observation('Patient/8')),
    entry('POST', 'Patient', patient({ id: '8' })),
  ])
  assert.deepEqual([answer.status, answer.json.type], [200, 'transaction-response'])
  assert.deepEqual(statuses(answer), Array(8).fill(201))
  const [one, other, ofUrn, urn, ofUrl, url, ofRelative, relative] = places(answer) as [string, ...string[]]
  const linkOf = async (place = '') => (await get(place)).json.link[0].other.reference
  const subjectOf = async (place = '') => (await get(place)).json.subject.reference
  assert.deepEqual([await linkOf(one), await linkOf(other)], [other, one])
  assert.deepEqual([await subjectOf(ofUrn), await subjectOf(ofUrl), await subjectOf(ofRelative)], [urn, url, relative])
})

test('a transaction stores decimals and texts to the letter', async () => {
  const text = `{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"${uuid('c')}","resource":
    {"resourceType":"Patient","text":{"status":"generated","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">\\u00e9 <a href=\\"${uuid('c')}\\">x</a></div>"}},
    "request":{"method":"POST","url":"Patient"}},{"resource":{"resourceType":"Observation","status":"final","code":{"text":"a\\u00e9"},
    "subject":{"reference":"${uuid('c')}"},"valueQuantity":{"value":1.500}},"request":{"method":"POST","url":"Observation"}}]}`
  const answer = await here.postText(text)
  const [one = '', other = ''] = places(answer)
  const [first, second] = [await get(one), await get(other)]
  assert.ok(
    first.text.includes(`\\u00e9 <a href=\\"${one}\\">x</a>`) || first.json.text.div.includes(`é <a href="${one}">`),
  )
  assert.match(second.text, /"code":\{"text":"a\\u00e9"\}/)
  assert.match(second.text, /"valueQuantity":\{"value":1\.500\}/)
})

test('a transaction is done in the order of the specification, and answered in its own', async () => {
  await post('transaction', [entry('PUT', 'Patient/gone', patient({ id: 'gone', ...identified('order') }))])
  const answer = await post('transaction', [
    entry('GET', 'Patient/gone'),
    entry('GET', 'Patient?identifier=http://x|order'),
    entry('HEAD', 'Patient/made'),
    entry('PUT', 'Patient/made', patient({ id: 'made' })),
    // the one that matched is deleted before this is looked for
    entry('POST', 'Patient', patient(identified('order')), { ifNoneExist: 'identifier=http://x|order' }),
    entry('DELETE', 'Patient/gone'),
  ])
  assert.deepEqual(statuses(answer), [410, 200, 200, 201, 201, 204])
  const [, search, head] = answer.json.entry
  assert.deepEqual([search.resource.total, search.resource.entry[0].resource.id], [1, places(answer)[4]?.split('/')[1]])
  assert.deepEqual([head.resource, head.response.etag], [undefined, 'W/"1"'])
})

for (const [name, bad, status, expression] of [
  [
    'whose resource R4 does not allow',
    entry('POST', 'Patient', patient({ gender: 'x' })),
    400,
    'Bundle.entry[1].resource.gender',
  ],
  ['of another type than its address', entry('POST', 'Observation', patient()), 400, 'Bundle.entry[1]'],
  ['without an address', { resource: patient() }, 400, 'Bundle.entry[1].request.url'],
  ['with a method that there is not', entry('FETCH', 'Patient'), 400, 'Bundle.entry[1].request.method'],
  [
    'below another base',
    entry('PUT', 'http://elsewhere/Patient/1', patient({ id: '1' })),
    400,
    'Bundle.entry[1].request.url',
  ],
  ['that names no id', entry('DELETE', 'Patient'), 400, 'Bundle.entry[1]'],
  ['without resource', entry('PUT', 'Patient/9'), 400, 'Bundle.entry[1]'],
  ['whose resource has another id', entry('PUT', 'Patient/9', patient({ id: '8' })), 400, 'Bundle.entry[1]'],
  [
    'with a version that is not current',
    entry('PUT', 'Patient/9', patient({ id: '9' }), { ifMatch: 'W/"7"' }),
    412,
    'Bundle.entry[1]',
  ],
  ['with criteria that are none', entry('DELETE', 'Patient?nothing=1'), 400, 'Bundle.entry[1]'],
  [
    'with a reference that matches nothing',
    entry('POST', 'Observation', observation('Patient?identifier=http://x|no')),
    400,
    'Bundle.entry[1]',
  ],
  ['that reads what is not offered', entry('GET', 'Nothing/1/2/3/4'), 200, undefined],
  ['that searches by what there is not', entry('GET', 'Patient?nothing=1'), 400, 'Bundle.entry[1]'],
] as const) {
  test(`an entry ${name} ${status === 200 ? 'is told by itself' : 'leaves nothing of its transaction'}`, async () => {
    const before = await count('Basic')
    const basic = { resourceType: 'Basic', code: { text: name } }
    const answer = await post('transaction', [entry('POST', 'Basic', basic), bad])
    assert.equal(answer.status, status, answer.text)
    assert.equal(await count('Basic'), status === 200 ? before + 1 : before)
    if (expression === undefined) return
    assert.deepEqual(answer.json.issue[0].expression, [expression])
    assert.equal(answer.json.resourceType, 'OperationOutcome')
  })
}

test('criteria that match several refuse a transaction with 412', async () => {
  await post('transaction', [
    entry('POST', 'Patient', patient(identified('twins'))),
    entry('POST', 'Patient', patient(identified('twins'))),
  ])
  const before = await count('Observation')
  for (const one of [
    entry('POST', 'Observation', observation('Patient?identifier=http://x|twins')),
    entry('POST', 'Patient', patient(), { ifNoneExist: 'identifier=http://x|twins' }),
    entry('PUT', 'Patient?identifier=http://x|twins', patient()),
    entry('DELETE', 'Patient?identifier=http://x|twins'),
  ]) {
    const answer = await post('transaction', [entry('POST', 'Observation', observation('Patient/1')), one])
    assert.deepEqual([answer.status, answer.json.issue[0].code], [412, 'multiple-matches'], answer.text)
    assert.deepEqual(answer.json.issue[0].expression, ['Bundle.entry[1]'])
  }
  assert.equal(await count('Observation'), before)
})

test('conditional entries create, find, change and delete', async () => {
  const criteria = 'identifier=http://x|cond'
  const create = entry('POST', 'Patient', patient(identified('cond')), { ifNoneExist: criteria })
  const [made, again] = [await post('transaction', [create, create]), await post('transaction', [create])]
  assert.deepEqual([statuses(made), statuses(again)], [[201, 200], [200]])
  assert.equal(new Set([...places(made), ...places(again)]).size, 1)
  const updated = await post('transaction', [
    entry('PUT', `Patient?${criteria}`, patient({ ...identified('cond'), gender: 'male' })),
    entry('POST', 'Observation', observation(`Patient?${criteria}`)),
  ])
  assert.deepEqual([statuses(updated), places(updated)[0]], [[200, 201], places(made)[0]])
  assert.equal((await get(places(updated)[1] ?? '')).json.subject.reference, places(made)[0])
  const deleted = await post('transaction', [entry('DELETE', `Patient?${criteria}`)])
  const absent = await post('transaction', [entry('DELETE', `Patient?${criteria}`)])
  assert.deepEqual([statuses(deleted), statuses(absent)], [[204], [204]])
  const [one, other] = await Promise.all([post('transaction', [create]), post('transaction', [create])])
  assert.deepEqual([statuses(one), statuses(other)].flat().sort(), [200, 201], 'two at once make one')
})

test('a conditional reference finds what the transaction brings, and not what it deletes', async () => {
  await post('transaction', [entry('PUT', 'Patient/old', patient({ id: 'old', ...identified('ref') }))])
  const answer = await post('transaction', [
    entry('POST', 'Observation', observation('Patient?identifier=http://x|ref')),
    entry('POST', 'Patient', patient(identified('ref'))),
    entry('DELETE', 'Patient/old'),
  ])
  assert.equal(answer.status, 200, answer.text)
  const [made = '', subject] = places(answer)
  assert.equal((await get(made)).json.subject.reference, subject)
})

test('a swap of what two resources hold is one transaction', async () => {
  const put = (id: string, value: string) => entry('PUT', `Patient/${id}`, patient({ id, ...identified(value) }))
  await post('transaction', [put('left', 'l'), put('right', 'r')])
  const answer = await post('transaction', [put('left', 'r'), put('right', 'l')], { prefer: 'return=representation' })
  assert.deepEqual(
    answer.json.entry.map(
      (one: { resource: { identifier: { value: string }[] } }) => one.resource.identifier[0]?.value,
    ),
    ['r', 'l'],
  )
  assert.equal((await get('Patient?identifier=http://x|l')).json.entry[0].resource.id, 'right')
})

test('two entries that write the same resource refuse their transaction', async () => {
  await post('transaction', [entry('PUT', 'Patient/same', patient({ id: 'same', ...identified('same') }))])
  for (const entries of [
    [entry('PUT', 'Patient/same', patient({ id: 'same' })), entry('DELETE', 'Patient/same')],
    [
      entry('PUT', 'Patient/same', patient({ id: 'same' })),
      entry('PUT', 'Patient?identifier=http://x|same', patient()),
    ],
  ]) {
    const answer = await post('transaction', entries)
    assert.equal(answer.status, 400)
    assert.match(answer.json.issue[0].details.text, /Patient\/same is written by Bundle.entry\[\d\] already/)
  }
  assert.equal((await get('Patient/same')).json.meta.versionId, '1')
})

test('If-Match of an entry lets through the current version only', async () => {
  await post('transaction', [entry('PUT', 'Patient/match', patient({ id: 'match' }))])
  const put = (ifMatch: string) => [
    entry('PUT', 'Patient/match', patient({ id: 'match', gender: 'male' }), { ifMatch }),
    entry('POST', 'Basic', { resourceType: 'Basic', code: { text: 'beside' } }),
  ]
  const before = await count('Basic')
  const stale = await post('transaction', put('W/"2"'))
  assert.deepEqual([stale.status, stale.json.issue[0].expression], [412, ['Bundle.entry[0]']])
  assert.equal(await count('Basic'), before)
  assert.deepEqual(statuses(await post('transaction', put('W/"1"'))), [200, 201])
})

const jsonPatch = (operations: object[]) => ({
  resourceType: 'Binary',
  contentType: 'application/json-patch+json',
  data: Buffer.from(JSON.stringify(operations)).toString('base64'),
})

test('a patch within a transaction is done with the rest, and its references follow', async () => {
  await post('transaction', [entry('PUT', 'Observation/patched', observation('Patient/1', { id: 'patched' }))])
  const replaced = { op: 'replace', path: '/subject/reference', value: uuid('d') }
  const answer = await post('transaction', [
    entry('PATCH', 'Observation/patched', jsonPatch([replaced])),
    entry('POST', 'Patient', patient(), {}, uuid('d')),
  ])
  assert.deepEqual(statuses(answer), [200, 201], answer.text)
  assert.equal((await get('Observation/patched')).json.subject.reference, places(answer)[1])
  const value = { name: 'value', valueCode: 'amended' }
  const path = { name: 'path', valueString: 'Observation.status' }
  const fhirPath = {
    resourceType: 'Parameters',
    parameter: [{ name: 'operation', part: [{ name: 'type', valueCode: 'replace' }, path, value] }],
  }
  const before = await count('Patient')
  const stale = await post('transaction', [
    entry('PATCH', 'Observation/patched', fhirPath, { ifMatch: 'W/"1"' }),
    entry('POST', 'Patient', patient()),
  ])
  const absent = await post('transaction', [
    entry('POST', 'Patient', patient()),
    entry('PATCH', 'Observation?identifier=http://x|none', fhirPath),
  ])
  assert.deepEqual([stale.status, absent.status, await count('Patient')], [412, 404, before])
  assert.deepEqual(absent.json.issue[0].expression, ['Bundle.entry[1]'])
  const [both, alone] = [
    await post('transaction', [entry('PATCH', 'Observation/patched', fhirPath, { ifMatch: 'W/"2"' })]),
    await post('batch', [entry('PATCH', 'Observation/patched', fhirPath, { ifMatch: 'W/"3"' })]),
  ]
  assert.deepEqual([statuses(both), statuses(alone)], [[200], [200]])
  assert.equal((await get('Observation/patched')).json.status, 'amended')
})

test('Prefer says what a transaction answers; nothing of the resources unless asked', async () => {
  const entries = [entry('POST', 'Patient', patient())]
  const [minimal] = (await post('transaction', entries)).json.entry
  const [whole] = (await post('transaction', entries, { prefer: 'return=representation' })).json.entry
  const [told] = (await post('transaction', entries, { prefer: 'return=OperationOutcome' })).json.entry
  assert.deepEqual(Object.keys(minimal), ['response'])
  assert.deepEqual(Object.keys(minimal.response), ['status', 'location', 'etag', 'lastModified'])
  assert.equal(whole.resource.resourceType, 'Patient')
  assert.equal(`${here.base}/Patient/${whole.resource.id}/_history/1`, whole.response.location)
  assert.equal(told.response.outcome.resourceType, 'OperationOutcome')
})

test('a transaction takes absolute addresses of its own base, and no fullUrl is needed', async () => {
  const answer = await post('transaction', [
    entry('PUT', `${here.base}/Patient/absolute`, patient({ id: 'absolute' })),
    entry('GET', `${here.base}/Patient/absolute`),
    entry('GET', '/Patient/absolute/_history/1'),
  ])
  assert.deepEqual(statuses(answer), [201, 200, 200])
})

test('an empty transaction is answered by an empty one', async () => {
  const answer = await post('transaction', [])
  assert.deepEqual([answer.status, answer.json], [200, { resourceType: 'Bundle', type: 'transaction-response' }])
})

for (const [name, payload, status, sentence] of [
  ['that is none', '{"resourceType":"Patient"}', 400, /no Bundle/],
  [
    'that asks for nothing',
    '{"resourceType":"Bundle","type":"collection"}',
    400,
    /of type "collection" asks for nothing/,
  ],
  ['that is cut off', '{"resourceType":"Bundle","type":"batch","entry":[', 400, /not JSON/],
  ['whose entry is no array', '{"resourceType":"Bundle","type":"batch","entry":{}}', 400, /not an array/],
] as const) {
  test(`a Bundle ${name} is refused`, async () => {
    const answer = await here.postText(payload)
    assert.equal(answer.status, status)
    assert.match(answer.json.issue[0].details.text, sentence)
  })
}

test('a patch leaves what is stored with whom it is, though the Bundle brings somebody of the same old id', async () => {
  await post('transaction', [
    entry('PUT', 'Patient/namesake', patient({ id: 'namesake' })),
    entry('PUT', 'Observation/theirs', { ...observation('Patient/namesake'), id: 'theirs' }),
  ])
  const patch = [{ op: 'add', path: '/performer', value: [{ reference: uuid('c') }] }]
  const answer = await post('transaction', [
    entry('POST', 'Patient', patient({ id: 'namesake' }), {}, 'http://elsewhere/Patient/namesake'),
    entry('POST', 'Organization', { resourceType: 'Organization', name: 'x' }, {}, uuid('c')),
    entry('PATCH', 'Observation/theirs', jsonPatch(patch)),
  ])
  assert.equal(answer.status, 200, answer.text)
  const { subject, performer } = (await get('Observation/theirs')).json
  assert.equal(subject.reference, 'Patient/namesake')
  assert.match(performer[0].reference, /^Organization\//)
})
