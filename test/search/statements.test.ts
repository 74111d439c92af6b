/** What a request costs: SQL statements (the token's check among them), and whether stored texts are parsed. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { stopClock } from '../support/clock.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp
let token: string
let practice: Awaited<ReturnType<TestApp['addPractice']>>

const about = (id: string, patient: string, elements: object) => ({
  id,
  subject: { reference: `Patient/${patient}` },
  ...elements,
})

before(async () => {
  app = await testApp()
  practice = await app.addPractice('north')
  token = await app.token(practice)
  await app.load(practice, [
    {
      resourceType: 'Patient',
      id: 'p1',
      name: [{ family: 'One' }],
      link: [{ other: { reference: 'Patient/p2' }, type: 'seealso' }],
    },
    { resourceType: 'Patient', id: 'p2', link: [{ other: { reference: 'Patient/p3' }, type: 'seealso' }] },
    { resourceType: 'Patient', id: 'p3', generalPractitioner: [{ reference: 'Practitioner/d' }] },
    { resourceType: 'Practitioner', id: 'd', name: [{ family: 'Doc' }] },
    {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: 'c' }] },
      ...about('o1', 'p1', { effectiveDateTime: '2020-01-01' }),
    },
    {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: 'c' }] },
      ...about('o2', 'p1', { effectiveDateTime: '2021-01-01' }),
    },
    {
      resourceType: 'Provenance',
      id: 'v1',
      target: [{ reference: 'Observation/o1' }],
      recorded: '2020-01-01T00:00:00Z',
    },
  ])
  // the practice and its settings are kept from here on, however long the tests take
  stopClock()
  await app.get(practice, 'Patient/p1', token)
})

after(() => app[Symbol.asyncDispose]())

// biome-ignore format: the columns are the point
const costs: readonly (readonly [query: string, statements: number, status: number])[] = [
  ['Patient/p1',                                                                     1, 200],
  // whether it was deleted is looked up
  ['Patient/p9',                                                                     2, 404],
  ['Patient?name=one',                                                               2, 200],
  ['Observation?patient=p1&code=c&date=ge2020',                                      2, 200],
  ['Observation?code=c&_sort=-date&_count=1',                                        2, 200],
  ['Observation?patient.name=one',                                                   2, 200],
  ['Patient?_has:Observation:patient:code=c',                                        2, 200],
  ['Observation?patient=p1&_include=Observation:patient&_revinclude=Provenance:target', 2, 200],
  ['Observation?_include=*',                                                         2, 200],
  ['Observation?patient=p1&_total=accurate',                                         3, 200],
  ['Observation?patient=p1&_summary=count',                                          2, 200],
  ['Observation?patient=p1&_count=0',                                                2, 200],
  ['?_type=Patient,Observation&_lastUpdated=gt2020',                                 2, 200],
  ['Patient/p1/Observation?code=c',                                                  2, 200],
  // p2 comes along; p3 in a second round, nothing in a third
  ['Patient?_id=p1&_include=Patient:link&_include:iterate=Patient:link',             4, 200],
]

for (const [query, most, status] of costs) {
  test(`${query} takes at most ${most} statements`, async () => {
    app.takeStatements()
    const answer = await app.get(practice, query, token)
    const statements = app.takeStatements()
    assert.equal(answer.status, status, answer.text)
    assert.ok(statements.length <= most, `${statements.length}: ${statements.join('\n\n')}`)
  })
}

/** Runs `work` and counts the resources that JSON.parse is given meanwhile. */
async function parsed(work: () => Promise<unknown>): Promise<number> {
  const { parse } = JSON
  let count = 0
  JSON.parse = (text: string, ...rest) => {
    if (String(text).trimStart().startsWith('{"resourceType"') || /^\s*\{.*"resourceType"/s.test(text)) count += 1
    return parse(text, ...rest)
  }
  try {
    await work()
  } finally {
    JSON.parse = parse
  }
  return count
}

test('the counter of parsed resources sees one', async () => {
  assert.equal(await parsed(async () => JSON.parse('{"id": "1", "resourceType": "Patient"}')), 1)
})

for (const [query] of costs) {
  test(`${query} parses no stored text`, async () => {
    assert.equal(await parsed(() => app.get(practice, query, token)), 0)
  })
}
