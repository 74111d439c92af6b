/** S-25: the largest form that is read may hold anything, and no request holds up the others. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { processorMs } from '../support/processor-time.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp
let token: string

before(async () => {
  app = await testApp()
  const practice = await app.addPractice('north')
  await app.load(practice, [{ resourceType: 'Patient', id: 'p1', name: [{ family: 'A' }] }])
  token = await app.token(practice)
})
after(() => app?.[Symbol.asyncDispose]())

const fiveMegabytes = 5 * 1024 * 1024
const filled = (text: string, start = '') =>
  start + text.repeat(Math.floor((fiveMegabytes - start.length) / text.length))

for (const [what, form] of [
  ['unknown parameters', filled('a=b&')],
  ['many values', filled('b,', 'name=')],
  ['many ids', filled('b,', '_id=')],
  ['many tokens', filled('b|c,', 'identifier=')],
  ['many dates', filled('ge2020,', 'birthdate=')],
  ['many sort keys', filled('name,', '_sort=')],
  ['many elements', filled('name,', '_elements=')],
  ['many formats', filled('json;q=0.1,', '_format=')],
  ['many types', filled('Patient,', '_type=')],
  ['many includes', filled('_include=Patient:*&')],
  ['a hundred includes', '_include=Patient:*&_revinclude=Observation:*&'.repeat(45)],
  ['a hundred reverse includes of everything', '_revinclude=*&'.repeat(90)],
  ['reverse includes of everything, iterated', '_revinclude=*&_revinclude:iterate=*&_include=*&_include:iterate=*'],
  ['a hundred hops', '_has:Observation:patient:_has:Observation:has-member:code=x&'.repeat(90)],
  ['a hundred conditions', 'name:contains=a&'.repeat(90)],
  ['five thousand values', filled('b,', 'name=').slice(0, 9990)],
  ['a long name', `${'a'.repeat(fiveMegabytes - 2)}=x`],
  ['a long chain', `${'link.'.repeat(900_000)}name=x`],
  ['a long value', filled('a', 'name=')],
  ['backslashes', filled('\\', 'name=')],
  ['percents', filled('%41', 'name=')],
  ['brackets', filled('[')],
  ['dots', filled('a.', '_page=')],
  ['a value set', filled('x', 'language:in=')],
] as const) {
  test(`a form with ${what} is answered with less than 3 s of work, in few words`, async () => {
    const begun = processorMs()
    const { status, text } = await app.request({
      method: 'POST',
      url: '/north/fhir/r4/Patient/_search',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
      payload: form,
    })
    const milliseconds = processorMs() - begun
    assert.ok([200, 400, 406].includes(status), `${status} ${text.slice(0, 300)}`)
    assert.ok(milliseconds < 3000, `${Math.round(milliseconds)} ms`)
    if (status !== 200) assert.ok(text.length < 20_000, `${text.length} characters`)
  })
}
