import assert from 'node:assert/strict'
import { test } from 'node:test'
import { entriesOf, readEntries } from './given-parameters.ts'
import type { ParameterTable } from './parameter.ts'

const one = { min: 0, max: 1, documentation: 'what it is for' } as const
const table = {
  text: { ...one, type: 'string' },
  must: { ...one, type: 'id', min: 1 },
  _type: { ...one, type: 'code', max: '*' },
  when: { ...one, type: 'date' },
  flag: { ...one, type: 'boolean' },
  count: { ...one, type: 'integer' },
  coding: { ...one, type: 'Coding' },
  meta: { ...one, type: 'Meta' },
  who: { ...one, type: 'Patient' },
} as const satisfies ParameterTable

type Pairs = readonly (readonly [string, string])[]
const read = (url: Pairs, body?: object | string) => {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return readEntries(entriesOf(url, text, table), table, 'America/New_York') as Record<string, unknown>
}
const posted = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter })

test('readEntries() reads values of a URL by their types', () => {
  const given = read([
    ['must', 'a'],
    ['_type', 'Observation,Condition'],
    ['_type', 'Goal'],
    ['when', '2020-01-01'],
    ['flag', 'true'],
    ['count', '7'],
    ['coding', 'http://loinc.org|34133-9'],
  ])
  const { coding, when, text, ...rest } = given
  assert.deepEqual(rest, {
    must: 'a',
    _type: ['Observation', 'Condition', 'Goal'],
    flag: true,
    count: 7,
    meta: undefined,
    who: undefined,
  })
  assert.equal(text, undefined)
  assert.deepEqual((coding as { value: object }).value, { system: 'http://loinc.org', code: '34133-9' })
  // the day in the practice's zone
  assert.equal((when as { low: number }).low, Date.UTC(2020, 0, 1, 5))
})

test('readEntries() reads a Parameters resource, objects to the letter, besides what the URL has', () => {
  const meta = '{"tag":[{"code":"x",  "system":"urn:y"}]}'
  const body = `{"resourceType":"Parameters","parameter":[
    {"name":"count","valueInteger":3},{"name":"meta","valueMeta":${meta}},
    {"name":"who","resource":{"resourceType":"Patient","multipleBirthInteger":1}},{"name":"_type","valueCode":"Goal"}]}`
  const given = read([['must', 'a']], body)
  assert.equal(given.count, 3)
  assert.deepEqual(given._type, ['Goal'])
  assert.equal((given.meta as { text: string }).text, meta)
  assert.equal((given.who as { text: string }).text, '{"resourceType":"Patient","multipleBirthInteger":1}')
})

test('readEntries() takes the one resource of an operation alone', () => {
  const body = '{"resourceType":"Patient","active":true}'
  assert.equal((read([['must', 'a']], body).who as { text: string }).text, body)
})

// biome-ignore format: a table
for (const [what, url, body, says] of [
  ['an unknown parameter',        [['must', 'a'], ['foo', '1']],         undefined, /no parameter "foo": it takes text, must/],
  ['a missing one',               [],                                    undefined, /"must" is missing: what it is for/],
  ['one given twice',             [['must', 'a'], ['must', 'b']],        undefined, /"must": it is given 2 times, and may be once/],
  ['what is no id',               [['must', 'a_b']],                     undefined, /"a_b" is not an id/],
  ['what is no date',             [['must', 'a'], ['when', '20-1-1']],   undefined, /"20-1-1" is not a date/],
  ['what is no boolean',          [['must', 'a'], ['flag', 'yes']],      undefined, /"yes" is not true or false/],
  ['the boolean constructor',     [['must', 'a'], ['flag', 'constructor']], undefined, /is not true or false/],
  ['what is no number',           [['must', 'a'], ['count', '1.5']],     undefined, /"1.5" is not a whole number/],
  ['an empty text',               [['must', 'a'], ['text', '']],         undefined, /"" is not a text/],
  ['an object in the URL',        [['must', 'a'], ['meta', '{}']],       undefined, /a Meta is posted in a Parameters resource/],
  ['an object for a text',        [], posted({ name: 'must', valueCoding: { code: 'x' } }), /a id is wanted, and an object/],
  ['a resource of another type',  [['must', 'a']], posted({ name: 'who', resource: { resourceType: 'Basic', code: { text: 'x' } } }), /a Patient is wanted, and Basic is given/],
  ['a parameter without a value', [['must', 'a']], posted({ name: 'count' }), /it has no value/],
  ['another resource',            [['must', 'a']], { resourceType: 'Basic', code: { text: 'x' } }, /a Parameters resource is wanted, not Basic/],
  ['what is no resource',         [['must', 'a']], '[]', /Cannot take the body/],
  ['a member that is unknown',    [['must', 'a']], { resourceType: 'Parameters', foo: 1 }, /Cannot take the body: Parameters\.foo|Parameters/],
] as const) {
  test(`readEntries() refuses ${what}`, () => {
    assert.throws(() => read(url, body), (error: Error) => {
      assert.equal((error as { kind?: string }).kind, 'incorrect')
      assert.match(error.message, says)
      return true
    })
  })
}
