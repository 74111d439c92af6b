/** Every search, combination and include that a version of US Core names (SHALL and SHOULD) is understood. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { searchParametersOf } from '#fhir'
import { type TestApp, testApp } from '../support/test-app.ts'

const folder = '../shared/data/us-core'
const skip = !existsSync(folder) && `needs ${folder}`

interface Capability {
  readonly search?: Readonly<Record<string, readonly string[]>>
  readonly combos?: Readonly<Record<string, readonly string[]>>
  readonly include?: readonly string[]
  readonly revinclude?: readonly string[]
}

let app: TestApp
let token: string
let practice: Awaited<ReturnType<TestApp['addPractice']>>

before(async () => {
  if (skip) return
  app = await testApp()
  practice = await app.addPractice('core')
  token = await app.token(practice)
})

after(() => app?.[Symbol.asyncDispose]())

function sampleValue(type: string, code: string): string {
  const parameter = searchParametersOf(type).get(code)
  assert.ok(parameter, `${type} has ${code}`)
  const [known] = parameter.codes ?? []
  const values = {
    date: 'ge2020-01-01',
    reference: `${parameter.targets[0]}/1`,
    quantity: '5.4',
    number: '5',
    uri: 'http://example.org',
  }
  return known ?? { token: 'code', string: 'text', composite: 'a$b', special: '', ...values }[parameter.type]
}

function queriesOf(type: string, { search = {}, combos = {}, include = [], revinclude = [] }: Capability): string[] {
  const expected = ['SHALL', 'SHOULD']
  const singles = expected.flatMap((level) => search[level] ?? []).map((each) => [each.split(':')[0] ?? ''])
  const several = expected.flatMap((level) => combos[level] ?? []).map((each) => each.split('+'))
  const asked = [...singles, ...several].map((codes) =>
    codes.map((code) => `${code}=${sampleValue(type, code)}`).join('&'),
  )
  const named = (list: readonly string[]) =>
    list.filter((each) => !each.endsWith('!MAY')).map((each) => each.split('!')[0])
  const included = named(include).map((each) => `_id=1&_include=${each}`)
  return [...asked, ...included, ...named(revinclude).map((each) => `_id=1&_revinclude=${each}`)].map(
    (query) => `${type}?${query}`,
  )
}

for (const file of skip ? [] : readdirSync(folder).filter((name) => /^us-core-\d.*\.json$/.test(name))) {
  test(`${file}: each search that it names answers 200`, async () => {
    const { caps } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as { caps: Record<string, Capability> }
    const queries = Object.entries(caps).flatMap(([type, capability]) => queriesOf(type, capability))
    const faults: string[] = []
    for (const query of queries) {
      const { status, text } = await app.get(practice, query, token)
      if (status !== 200) faults.push(`${query} answers ${status}: ${text.slice(0, 300)}`)
    }
    assert.deepEqual(faults, [])
    assert.ok(queries.length > 60, `${queries.length} queries`)
  })
}

test('US Core combinations are asked', { skip }, () => assert.ok(practice))
