import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { PracticeRecord } from '#platform'
import { type TestApp, testApp } from '../support/test-app.ts'
import { matcher, post } from './ask.ts'

let app: TestApp
let practice: PracticeRecord

const ann = {
  name: [{ family: 'Bell', given: ['Ann'] }],
  birthDate: '1980-03-12',
  gender: 'female',
  telecom: [{ system: 'phone', value: '(316) 555-0100' }],
}
const patient = (id: string, more: object = {}) => ({ resourceType: 'Patient', id, ...ann, ...more })
const asked = { resourceType: 'Patient', ...ann, telecom: [{ system: 'phone', value: '+1 316 555 0100' }] }

before(async () => {
  app = await testApp()
  practice = await app.addPractice('clinic')
  await app.load(practice, [
    patient('ann'),
    patient('twin', { name: [{ family: 'Bell', given: ['Zoe'] }] }),
    patient('merged', {
      birthDate: '1980-03-13',
      link: [{ type: 'replaced-by', other: { reference: 'Patient/heir' } }],
    }),
    patient('heir', { name: [{ family: 'Hill', given: ['Annabel'] }], birthDate: '1980-03-13', telecom: [] }),
  ])
})

after(() => app[Symbol.asyncDispose]())

test('$match answers records with grade and score, the best first', async () => {
  const ask = matcher(app, practice, await app.token(practice))
  const found = await ask(asked)
  assert.deepEqual(
    found.map(({ id, grade }) => [id, grade]),
    [
      ['ann', 'certain'],
      ['heir', 'probable'],
      ['twin', 'possible'],
    ],
  )
  assert.ok(found.every(({ score }) => score > 0 && score <= 1))
  assert.deepEqual(await ask(asked, '?count=1'), found.slice(0, 1))
})

test('$match takes a Parameters resource, and answers stored texts to the letter', async () => {
  const token = await app.token(practice)
  const parameter = [
    { name: 'resource', resource: asked },
    { name: 'count', valueInteger: 1 },
  ]
  const { json, text } = await post(app, practice, token, { resourceType: 'Parameters', parameter })
  const read = await app.get(practice, 'Patient/ann', token)
  assert.equal(json.total, 1)
  assert.ok(text.includes(`"resource":${read.text},"search":`))
  assert.equal(json.entry[0].fullUrl, 'http://localhost:8080/clinic/fhir/r4/Patient/ann')
  assert.deepEqual(json.entry[0].search.extension, [
    { url: 'http://hl7.org/fhir/StructureDefinition/match-grade', valueCode: 'certain' },
  ])
})

test('$match with onlyCertainMatches answers the one that is certain, and none where two are', async () => {
  const two = await app.addPractice('two')
  await app.load(two, [patient('a'), patient('b')])
  const ask = matcher(app, practice, await app.token(practice))
  assert.deepEqual(
    (await ask(asked, '?onlyCertainMatches=true')).map(({ id }) => id),
    ['ann'],
  )
  const { json } = await post(app, two, await app.token(two), asked, '?onlyCertainMatches=true')
  assert.equal(json.total, 0)
  assert.match(json.entry[0].resource.issue[0].details.text, /^2 records match with certainty/)
})

test('$match finds only what the access token shows in a search', async () => {
  const own = await app.token(practice, { scope: 'patient/Patient.rs', patients: ['twin'] })
  assert.deepEqual(
    (await matcher(app, practice, own)(asked)).map(({ id }) => id),
    ['twin'],
  )
  const others = await app.addPractice('others')
  assert.deepEqual(await matcher(app, others, await app.token(others))(asked), [])
})

test('$match finds only what the scope and the labels of the practice show', async () => {
  const strict = await app.addPractice('strict', { sensitive: 'urn:labels|secret=provider-apps' })
  const security = [{ system: 'urn:labels', code: 'secret' }]
  await app.load(strict, [
    patient('open'),
    patient('secret', { meta: { security } }),
    patient('old', { active: false }),
  ])
  const clinician = { user: 'Practitioner/1', role: 'clinician' } as const
  for (const [grant, ids] of [
    [{ scope: 'system/Patient.s' }, ['old', 'open', 'secret']],
    [{ scope: 'system/Patient.s?active=false' }, ['old']],
    [{ scope: 'user/Patient.s', ...clinician }, ['old', 'open']],
  ] as const) {
    const found = await matcher(app, strict, await app.token(strict, grant))(asked)
    assert.deepEqual(found.map(({ id }) => id).sort(), ids)
  }
})

test('$match does not tell of the record that took the place of one, where that may not be seen', async () => {
  const own = await app.token(practice, { scope: 'patient/Patient.rs', patients: ['merged'] })
  const found = await matcher(app, practice, own)(asked)
  assert.deepEqual(
    found.map(({ id, grade }) => [id, grade]),
    [['merged', 'possible']],
  )
})

for (const [what, scope] of [
  ['to read Patient only', 'system/Patient.r'],
  ['to search something else', 'system/Observation.rs'],
] as const) {
  test(`$match is refused to who has the right ${what}`, async () => {
    const { status } = await post(app, practice, await app.token(practice, { scope }), asked)
    assert.equal(status, 403)
  })
}

for (const [what, body, query, says] of [
  [
    'too little',
    { resourceType: 'Patient', gender: 'female', birthDate: '1980-03-12' },
    '',
    /^Cannot match by so little/,
  ],
  ['no patient', { resourceType: 'Practitioner', active: true }, '', /Parameters resource is wanted/],
  ['nothing', { resourceType: 'Parameters' }, '', /"resource" is missing/],
  ['a count of none', asked, '?count=0', /at least one record/],
] as const) {
  test(`$match refuses ${what}`, async () => {
    const { status, json } = await post(app, practice, await app.token(practice), body, query)
    assert.equal(status, 400)
    assert.match(json.issue[0].details.text, says)
  })
}
