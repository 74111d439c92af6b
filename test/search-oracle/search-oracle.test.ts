/**
 * Some hundred random searches of each kind are answered by the server, through every page, as the oracle answers them.
 * `SEED=2` asks others, `LONG=1` asks over all of synthea-100.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Resource } from '../support/ndjson.ts'
import { type Asked, askOf, chainOf, hasOf, severalOf } from './queries.ts'
import { Random } from './random.ts'
import { type Gathered, urlOf } from './server.ts'
import { isLong, seed, skip, type World, world } from './world.ts'

let all: World

before(async () => {
  if (!skip) all = await world()
})

after(() => all?.app[Symbol.asyncDispose]())

const times = isLong ? 150 : 40
const keysOf = (resources: readonly Resource[]) =>
  resources.map(({ resourceType, id }) => `${resourceType}/${id}`).sort()

/** What differs, in one line. */
function differenceOf({ url, status, text, matches }: Gathered, wanted: readonly Resource[]): string[] {
  if (status !== 200) return [`${url} answers ${status}: ${text.slice(0, 300)}`]
  const [given, expected] = [keysOf(matches), keysOf(wanted)]
  const doubled = given.filter((key, at) => key === given[at + 1])
  const missing = [...new Set(expected).difference(new Set(given))]
  const extra = [...new Set(given).difference(new Set(expected))]
  if (doubled.length + missing.length + extra.length === 0) return []
  return [
    `${url} finds ${given.length} of ${expected.length}: misses ${missing.slice(0, 3)}, adds ${extra.slice(0, 3)}, doubles ${doubled.slice(0, 3)}`,
  ]
}

async function difference(type: string, asked: readonly Asked[]): Promise<string[]> {
  const wanted = all.oracle.find(type, asked)
  const count = String(Math.min(1000, Math.max(5, Math.ceil(wanted.length / 4))))
  return differenceOf(await all.server.gather(urlOf(type, [...asked, ['_count', count]])), wanted)
}

for (const [at, kind] of ['string', 'token', 'reference', 'date', 'number', 'quantity', 'uri', 'composite'].entries()) {
  test(`searches by ${kind} find what the oracle finds`, { skip }, async () => {
    const random = new Random(seed * 100 + at)
    const faults: string[] = []
    const asks = kind === 'composite' ? times / 2 : times
    for (let n = 0; n < asks; n++) {
      const { type, asked } = askOf(kind, random, all.oracle) ?? {}
      if (type && asked) faults.push(...(await difference(type, [asked])))
    }
    assert.deepEqual(faults, [])
  })
}

test('searches by several parameters find what meets them all', { skip }, async () => {
  const random = new Random(seed * 100 + 20)
  const faults: string[] = []
  for (let n = 0; n < times; n++) {
    const { type, asked } = severalOf(random, all.oracle)
    faults.push(...(await difference(type, asked)))
  }
  assert.deepEqual(faults, [])
})

test('chains of up to three steps find what the oracle finds', { skip }, async () => {
  const random = new Random(seed * 100 + 21)
  const faults: string[] = []
  for (let n = 0; n < times; n++) {
    const { type, asked } = chainOf(random, all.oracle)
    faults.push(...(await difference(type, [asked])))
  }
  assert.deepEqual(faults, [])
})

test('_has finds what the oracle finds', { skip }, async () => {
  const random = new Random(seed * 100 + 22)
  const faults: string[] = []
  for (let n = 0; n < times; n++) {
    const { type, asked } = hasOf(random, all.oracle)
    faults.push(...(await difference(type, [asked])))
  }
  assert.deepEqual(faults, [])
})

test('_id and _lastUpdated find what the oracle finds', { skip }, async () => {
  const random = new Random(seed * 100 + 23)
  const faults: string[] = []
  for (let n = 0; n < times; n++) {
    const type = random.one(all.oracle.types())
    const [one, other] = [random.one(all.oracle.all(type)), random.one(all.oracle.all(type))]
    const { lastUpdated } = one.meta as { lastUpdated: string }
    const prefix = random.one(['', 'gt', 'ge', 'lt', 'le', 'ne', 'sa', 'eb'])
    const instant = random.one([
      lastUpdated.slice(0, 10),
      `${lastUpdated.slice(0, 19)}Z`,
      `${lastUpdated.slice(0, 23)}Z`,
    ])
    const asked: Asked[] = random.happens(0.3)
      ? [['_id', `${one.id},${other.id},none`]]
      : [['_lastUpdated', prefix + instant]]
    faults.push(...(await difference(type, asked)))
  }
  assert.deepEqual(faults, [])
})

test('compartments hold what the oracle finds', { skip }, async () => {
  const random = new Random(seed * 100 + 24)
  const faults: string[] = []
  for (let n = 0; n < times; n++) {
    const named = ['Patient', 'Patient', 'Encounter', 'Practitioner', 'Device', 'RelatedPerson']
    const compartment = random.one(named.filter((each) => all.oracle.all(each).length > 0))
    const type = random.one(all.oracle.types())
    const key = `${compartment}/${random.one(all.oracle.all(compartment)).id}`
    const wanted = all.oracle.inCompartment(key, type)
    if (!wanted || type === compartment) continue
    const count = Math.max(5, Math.ceil(wanted.length / 3))
    faults.push(...differenceOf(await all.server.gather(`${key}/${type}?_count=${count}`), wanted))
  }
  assert.deepEqual(faults, [])
})
