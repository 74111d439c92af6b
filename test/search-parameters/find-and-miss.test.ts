/**
 * Every search parameter of every type is asked twice: for values that resources made for it have, and for others. The
 * resources are made from the parameter's own paths, so an entry in the tables is all that a new one needs.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { inColumns, type ParameterSamples, sampledTypes, samplesOf } from '../support/search-samples.ts'
import { type TestApp, testApp } from '../support/test-app.ts'

let app: TestApp
let practice: Awaited<ReturnType<TestApp['addPractice']>>
let token: string
/** AuditEvent is for whom it names. */
let auditor: string
const samples = new Map<string, readonly ParameterSamples[]>()

before(async () => {
  app = await testApp()
  practice = await app.addPractice('samples')
  token = await app.token(practice)
  auditor = await app.token(practice, { scope: 'system/AuditEvent.rs', role: 'auditor' })
  for (const type of sampledTypes) {
    samples.set(type, samplesOf(type))
  }
  const resources = [...samples.values()].flatMap((each) => each.flatMap((sample) => sample.resources))
  for (let at = 0; at < resources.length; at += 1000) await app.load(practice, resources.slice(at, at + 1000))
})

after(() => app[Symbol.asyncDispose]())

async function idsOf(type: string, query: string): Promise<string[]> {
  const answer = await app.get(practice, `${type}?${query}&_count=200`, type === 'AuditEvent' ? auditor : token)
  assert.equal(answer.status, 200, `${type}?${query}: ${answer.text}`)
  return ((answer.json.entry ?? []) as { resource: { id: string } }[]).map(({ resource }) => resource.id).sort()
}

async function faultsOf({ parameter, resources, finds, misses }: ParameterSamples): Promise<string[]> {
  const { base, code } = parameter
  if (resources.length === 0) return [`${base}.${code} has no sample`]
  const [found, missed] = [await idsOf(base, finds), await idsOf(base, misses)]
  const wanted = resources.map(({ id }) => id).sort()
  return [
    ...(found.join() === wanted.join() ? [] : [`${base}?${finds} finds ${found} instead of ${wanted}`]),
    ...(missed.length === 0 ? [] : [`${base}?${misses} finds ${missed}`]),
  ]
}

for (const type of sampledTypes) {
  test(`each parameter of ${type} finds what has its value and misses what has not`, async () => {
    const looked = samples.get(type)?.map((each) => faultsOf(each).catch(({ message }: Error) => [message]))
    assert.deepEqual((await Promise.all(looked ?? [])).flat(), [])
  })
}

test('_id and _lastUpdated find and miss', async () => {
  for (const type of sampledTypes) {
    const [first] = samples.get(type)?.flatMap(({ resources }) => resources) ?? []
    assert.ok(first, type)
    assert.deepEqual(await idsOf(type, `_id=${first.id}&_lastUpdated=gt2020`), [first.id])
    assert.deepEqual(await idsOf(type, '_id=nothing'), [])
    assert.deepEqual(await idsOf(type, `_id=${first.id}&_lastUpdated=lt2020`), [])
  }
  assert.equal(inColumns.size, 2)
})
