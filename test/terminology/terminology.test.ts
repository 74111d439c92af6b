/** https://hl7.org/fhir/R4/terminology-service.html, over what is loaded and what a practice stores. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PracticeRecord } from '#platform'
import { processorMs } from '../support/processor-time.ts'
import { type Answer, type TestApp, testApp } from '../support/test-app.ts'
import { codeSystems, valueSets } from './definitions.ts'

let app: TestApp
let practice: PracticeRecord
let token: string

before(async () => {
  app = await testApp()
  practice = await app.addPractice('clinic')
  await app.load(practice, [...codeSystems, ...valueSets])
  token = await app.token(practice, { scope: 'system/Patient.r' })
})

after(() => app[Symbol.asyncDispose]())

const get = (path: string) => app.get(practice, path.replaceAll(' ', '%20').replaceAll('|', '%7C'), token)

function post(path: string, body: object): Promise<Answer> {
  return app.request({
    method: 'POST',
    url: `/clinic/fhir/r4/${path}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
    payload: JSON.stringify(body),
  })
}

const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })

// biome-ignore lint/suspicious/noExplicitAny: a ValueSet
const codesOf = ({ json }: { json: any }) =>
  json.expansion.contains?.map(({ code }: { code: string }) => code).join(' ')

const r4 = 'http://hl7.org/fhir/ValueSet'
const usCore = 'http://hl7.org/fhir/us/core/ValueSet'

for (const [what, path, codes, total] of [
  ['a loaded set', `url=${r4}/administrative-gender`, 'male female other unknown', 4],
  ['one of a version', `url=${r4}/administrative-gender|4.0.1`, 'male female other unknown', 4],
  ['an older version', `url=${usCore}/omb-race-category&valueSetVersion=3.1.1&count=1`, '1002-5', 7],
  ['a filter', `url=${r4}/c80-doc-typecodes&filter=discharge SUMMARY cardiology`, '68719-4', 1],
  ['a page', `url=${r4}/administrative-gender&offset=1&count=2`, 'female other', 4],
  ['a page behind the end', `url=${r4}/administrative-gender&offset=9&count=2`, undefined, 4],
  ['how many there are', `url=${r4}/administrative-gender&count=0`, undefined, 4],
  ['a stored set, by URL', 'url=http://here/colours', 'red dark-red', 2],
  ['a stored set with a stored set in it', 'url=http://here/all', 'red dark-red male female other unknown', 6],
  ['a stored set that has its expansion alone', 'url=http://here/expanded', 'a', 1],
  ['a stored set in place of a loaded one', `url=${r4}/yesnodontknow`, 'blue', 1],
] as const) {
  test(`$expand answers ${what}`, async () => {
    const answer = await get(`ValueSet/$expand?${path}`)
    assert.equal(answer.status, 200, answer.text)
    assert.equal(answer.json.resourceType, 'ValueSet')
    assert.equal(codesOf(answer), codes)
    assert.equal(answer.json.expansion.total, total)
  })
}

test('$expand tells the value set, and what it was asked', async () => {
  const { json } = await get(`ValueSet/$expand?url=${r4}/administrative-gender&filter=e&offset=1&count=1`)
  const { timestamp, ...expansion } = json.expansion
  assert.equal(new Date(timestamp).toISOString(), timestamp)
  assert.deepEqual(
    { ...json, expansion },
    {
      resourceType: 'ValueSet',
      url: `${r4}/administrative-gender`,
      version: '4.0.1',
      name: 'AdministrativeGender',
      status: 'active',
      expansion: {
        total: 3,
        offset: 1,
        parameter: [
          { name: 'filter', valueString: 'e' },
          { name: 'offset', valueInteger: 1 },
          { name: 'count', valueInteger: 1 },
        ],
        contains: [{ system: 'http://hl7.org/fhir/administrative-gender', code: 'female', display: 'Female' }],
      },
    },
  )
})

test('$expand answers one by id, and one that is posted', async () => {
  assert.equal(codesOf(await get('ValueSet/colours/$expand')), 'red dark-red')
  const [colours] = valueSets
  assert.equal(codesOf(await post('ValueSet/$expand', { ...colours, id: undefined })), 'red dark-red')
  const asked = parameters({ name: 'valueSet', resource: colours }, { name: 'filter', valueString: 'dark' })
  assert.equal(codesOf(await post('ValueSet/$expand', asked)), 'dark-red')
})

for (const [what, path, status, code, says] of [
  ['no value set', '', 400, 'invalid', /which value set is meant/],
  [
    'one that is not known',
    'url=http://here/none',
    404,
    'not-found',
    /http:\/\/here\/none is not known: it is neither loaded/,
  ],
  [
    'a version that is not',
    `url=${r4}/administrative-gender&valueSetVersion=9`,
    404,
    'not-found',
    /version 9: it is loaded in 4\.0\.1/,
  ],
  [
    'SNOMED CT',
    `url=${r4}/condition-code`,
    422,
    'not-supported',
    /SNOMED CT \(http:\/\/snomed\.info\/sct\) is not loaded\. Loaded are hl7\.fhir\.r4\.core/,
  ],
  ['a stored set of a stranger', 'url=http://here/strange', 422, 'not-supported', /code system urn:gone is not loaded/],
  [
    'a stored set of no shape',
    'url=http://here/broken',
    422,
    'processing',
    /^The stored ValueSet\/broken cannot be used: /,
  ],
  ['a set in itself', 'url=http://here/circle', 422, 'not-supported', /includes itself/],
  ['media types', `url=${r4}/mimetypes`, 400, 'too-costly', /have no end/],
  ['more than a page holds', 'url=http://here/large', 400, 'too-costly', /has 10001 codes/],
  ['a count below none', `url=${r4}/administrative-gender&count=-1`, 400, 'invalid', /-1 is less than 0/],
] as const) {
  test(`$expand refuses ${what}`, async () => {
    const answer = await get(`ValueSet/$expand?${path}`)
    assert.equal(answer.status, status, answer.text)
    assert.equal(answer.json.issue[0].code, code)
    assert.match(answer.json.issue[0].details.text, says)
  })
}

test('$expand answers a large set in pages', async () => {
  const { json } = await get('ValueSet/$expand?url=http://here/large&offset=10000&count=10')
  assert.deepEqual([json.expansion.total, json.expansion.contains.length], [10_001, 1])
})

test('$expand answers the largest loaded set with 100 ms of work once it was used', async () => {
  const path = `ValueSet/$expand?url=${r4}/c80-doc-typecodes`
  assert.equal((await get(path)).json.expansion.total, 6401)
  const times: number[] = []
  for (let run = 0; run < 5; run++) {
    const start = processorMs()
    await get(path)
    times.push(processorMs() - start)
  }
  assert.ok(Math.min(...times) < 100, times.join())
})

const gender = 'http://hl7.org/fhir/administrative-gender'

for (const [what, path, result, says] of [
  ['a code', `ValueSet/$validate-code?url=${r4}/administrative-gender&system=${gender}&code=female`, true, 'Female'],
  ['a code without its system', `ValueSet/$validate-code?url=${r4}/administrative-gender&code=female`, true, 'Female'],
  ['a coding', `ValueSet/$validate-code?url=${r4}/administrative-gender&coding=${gender}|male`, true, 'Male'],
  ['its display', `ValueSet/$validate-code?url=${r4}/administrative-gender&code=male&display=MALE`, true, 'Male'],
  [
    'another display',
    `ValueSet/$validate-code?url=${r4}/administrative-gender&code=male&display=Man`,
    false,
    'The display "Man" is not that of "male": it is "Male"',
  ],
  [
    'what is no code',
    `ValueSet/$validate-code?url=${r4}/administrative-gender&system=${gender}&code=man`,
    false,
    `"man" of ${gender} is not in the value set ${r4}/administrative-gender`,
  ],
  [
    'another system',
    `ValueSet/$validate-code?url=${r4}/administrative-gender&system=urn:x&code=male`,
    false,
    `"male" of urn:x is not in the value set ${r4}/administrative-gender`,
  ],
  [
    'a LOINC code that US Core lists',
    `ValueSet/$validate-code?url=${usCore}/us-core-vital-signs&system=http://loinc.org&code=8867-4`,
    true,
    undefined,
  ],
  ['a stored set by id', 'ValueSet/colours/$validate-code?system=http://here/code&code=dark-red', true, 'Dark red'],
  [
    'what it leaves out',
    'ValueSet/colours/$validate-code?system=http://here/code&code=blue',
    false,
    '"blue" of http://here/code is not in the value set http://here/colours',
  ],
  [
    'a part that is here',
    'ValueSet/$validate-code?url=http://here/strange&system=http://here/code&code=red',
    true,
    'Red',
  ],
  ['a code of a system', `CodeSystem/$validate-code?url=${gender}&code=male`, true, 'Male'],
  [
    'what is no code of it',
    `CodeSystem/$validate-code?url=${gender}&code=man`,
    false,
    `"man" is not a code of ${gender}`,
  ],
  [
    'another display of it',
    `CodeSystem/$validate-code?url=${gender}&code=male&display=Man`,
    false,
    'The display "Man" is not that of "male": it is "Male"',
  ],
  ['a coding of a system', `CodeSystem/$validate-code?coding=${gender}|male`, true, 'Male'],
  ['a stored system by id', 'CodeSystem/code/$validate-code?code=blue', true, 'Blue'],
  [
    'what a fragment lacks',
    'CodeSystem/part/$validate-code?code=z',
    false,
    '"z" is not a code of http://here/part, as far as it is here (content fragment)',
  ],
] as const) {
  test(`$validate-code says ${result} of ${what}`, async () => {
    const { json, text } = await get(path)
    const value = (name: string) => json.parameter?.find((each: { name: string }) => each.name === name)
    assert.equal(value('result')?.valueBoolean, result, text)
    if (result && says !== undefined) assert.equal(value('display')?.valueString, says)
    if (!result) assert.equal(value('message')?.valueString, says)
  })
}

test('$validate-code takes a concept of which one coding is in', async () => {
  const coding = [
    { system: 'urn:x', code: 'y' },
    { system: gender, code: 'male' },
  ]
  const concept = { name: 'codeableConcept', valueCodeableConcept: { coding } }
  const url = (value: string) => ({ name: 'url', valueUri: value })
  for (const [path, asked] of [
    ['ValueSet', url(`${r4}/administrative-gender`)],
    ['CodeSystem', url(gender)],
  ] as const) {
    const { json } = await post(`${path}/$validate-code`, parameters(asked, concept))
    assert.deepEqual(json.parameter[0], { name: 'result', valueBoolean: true })
  }
})

for (const [what, path, status, says] of [
  ['no code', `ValueSet/$validate-code?url=${r4}/administrative-gender`, 400, /which code is meant/],
  ['a code twice', `CodeSystem/$validate-code?url=${gender}&code=male&coding=male`, 400, /which code is meant/],
  ['no code system', 'CodeSystem/$validate-code?code=male', 400, /which code system is meant/],
  [
    'a code system that is not known',
    'CodeSystem/$validate-code?url=http://snomed.info/sct&code=1',
    404,
    /SNOMED CT .* is not known/,
  ],
  [
    'what needs one',
    `ValueSet/$validate-code?url=${r4}/condition-code&system=http://snomed.info/sct&code=1`,
    422,
    /Cannot tell whether "1" of .* SNOMED CT/,
  ],
  [
    'a lookup of a code system that is not known',
    'CodeSystem/$lookup?system=http://loinc.org&code=8867-4',
    404,
    /LOINC \(http:\/\/loinc\.org\) is not known/,
  ],
  ['a lookup of no code', `CodeSystem/$lookup?system=${gender}&code=man`, 404, /"man" is not a code/],
  ['a lookup without a system', 'CodeSystem/$lookup?code=male', 400, /its system is missing/],
  [
    'a lookup of another version',
    `CodeSystem/$lookup?system=${gender}&version=1&code=male`,
    404,
    /it is loaded in 4\.0\.1/,
  ],
  ['a lookup by id', 'CodeSystem/code/$lookup?code=red', 501, /not offered/],
] as const) {
  test(`refused is ${what}`, async () => {
    const answer = await get(path)
    assert.equal(answer.status, status, answer.text)
    assert.match(answer.json.issue[0].details.text, says)
  })
}

test('$lookup answers what is loaded: display, and what stands above and below', async () => {
  const { json } = await get('CodeSystem/$lookup?system=http://terminology.hl7.org/CodeSystem/v3-ActCode&code=AMB')
  assert.deepEqual(json.parameter.slice(0, 1), [{ name: 'name', valueString: 'v3.ActCode' }])
  assert.ok(
    json.parameter.some((each: object) => JSON.stringify(each) === '{"name":"display","valueString":"ambulatory"}'),
  )
  assert.ok(
    JSON.stringify(json.parameter).includes(
      '{"name":"code","valueCode":"parent"},{"name":"value","valueCode":"_ActEncounterCode"}',
    ),
  )
})

test('$lookup answers all that a stored code system says of a code', async () => {
  const path = 'CodeSystem/$lookup?system=http://here/code&code=red'
  const part = (...parts: object[]) => parts
  const all = [
    { name: 'name', valueString: 'Colours' },
    { name: 'version', valueString: '2' },
    { name: 'display', valueString: 'Red' },
    { name: 'designation', part: part({ name: 'language', valueCode: 'es' }, { name: 'value', valueString: 'Rojo' }) },
    { name: 'property', part: part({ name: 'code', valueCode: 'child' }, { name: 'value', valueCode: 'dark-red' }) },
    {
      name: 'property',
      part: part({ name: 'code', valueCode: 'definition' }, { name: 'value', valueString: 'Like blood' }),
    },
    { name: 'property', part: part({ name: 'code', valueCode: 'wavelength' }, { name: 'value', valueInteger: 700 }) },
  ]
  assert.deepEqual((await get(path)).json.parameter, all)
  assert.deepEqual((await get(`${path}&property=wavelength&displayLanguage=es`)).json.parameter, [
    all[0],
    all[1],
    { name: 'display', valueString: 'Rojo' },
    all[6],
  ])
})

test('another practice knows nothing of what this one stores', async () => {
  const other = await app.addPractice('other')
  const { status } = await app.get(other, 'ValueSet/$expand?url=http://here/colours', await app.token(other))
  assert.equal(status, 404)
})

test('the CapabilityStatement names the operations, each with its definition', async () => {
  const { json } = await get('metadata')
  const named = (type: string) => json.rest[0].resource.find((each: { type: string }) => each.type === type).operation
  for (const [type, name, id] of [
    ['ValueSet', 'expand', 'ValueSet-expand'],
    ['ValueSet', 'validate-code', 'ValueSet-validate-code'],
    ['CodeSystem', 'validate-code', 'CodeSystem-validate-code'],
    ['CodeSystem', 'lookup', 'CodeSystem-lookup'],
    ['Patient', 'match', 'Patient-match'],
  ] as const) {
    assert.ok(JSON.stringify(named(type)).includes(`"name":"${name}"`), `${type} ${name}`)
    const { json: definition } = await get(`OperationDefinition/${id}`)
    assert.deepEqual([definition.code, definition.resource], [name, [type]])
  }
})
