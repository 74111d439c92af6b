/** What is sorted comes in order through every page, with all that belongs to it; includes are those of the page's matches. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Resource } from '../support/ndjson.ts'
import { codesOf, definitionOf } from './definitions.ts'
import { intervalOf } from './quantities.ts'
import { unclaimed } from './queries.ts'
import { Random } from './random.ts'
import { timeOf } from './times.ts'
import { normal, targetOf, textsOf, tokensOf } from './tokens.ts'
import { valuesOf } from './values.ts'
import { isLong, seed, skip, type World, world } from './world.ts'

let all: World

before(async () => {
  if (!skip) all = await world()
})

after(() => all?.app[Symbol.asyncDispose]())

const times = isLong ? 200 : 20

type Key = string | number

/** All that a resource could be sorted by; the least counts upwards, the greatest downwards. */
function keysOf(resource: Resource, code: string): Key[] {
  const kind = definitionOf(resource.resourceType, code)?.type
  return valuesOf(resource, code).flatMap((value): Key[] => {
    if (kind === 'string') return textsOf(value).map(normal)
    if (kind === 'date') return [timeOf(value.type, value.value)?.low ?? []].flat()
    if (kind === 'number' || kind === 'quantity') return [intervalOf(value.type, value.value)?.low ?? []].flat()
    if (kind === 'token') return tokensOf(value).flatMap(({ code: text }) => text ?? [])
    return [targetOf(value) ?? []].flat()
  })
}

function greater(one: Key, other: Key): boolean {
  return one > other
}

/** The key that decides; undefined comes last. */
function keyOf(resource: Resource, sort: string): Key | undefined {
  const keys = keysOf(resource, sort.replace(/^-/, ''))
  return keys.reduce<Key | undefined>(
    (best, key) => (best === undefined || greater(key, best) === sort.startsWith('-') ? key : best),
    undefined,
  )
}

function isInOrder(one: Resource, other: Resource, [sort, ...rest]: readonly string[]): boolean {
  if (sort === undefined) return true
  const [first, second] = [keyOf(one, sort), keyOf(other, sort)]
  if (first === second) return isInOrder(one, other, rest)
  if (first === undefined || second === undefined) return second === undefined
  return greater(first, second) === sort.startsWith('-')
}

/** Kinds whose order is that of one value; tokens and references are sorted by their first. */
function sortable(type: string): string[] {
  return codesOf(type).filter((code) => {
    const kind = definitionOf(type, code)?.type ?? ''
    if (code === '_id' || code === '_lastUpdated' || unclaimed.has(code)) return false
    const isSingle = () => all.oracle.all(type).every((each) => valuesOf(each, code).flatMap(tokensOf).length < 2)
    return ['date', 'number', 'quantity', 'string'].includes(kind) || (kind === 'token' && isSingle())
  })
}

test('sorted searches come in order and whole', { skip }, async () => {
  const random = new Random(seed * 100 + 30)
  const faults: string[] = []
  for (let n = 0; n < times; n++) {
    const type = random.one([
      'Patient',
      'Condition',
      'RiskAssessment',
      'ChargeItem',
      'ValueSet',
      'Encounter',
      'Organization',
      'Immunization',
    ])
    const keys = Array.from({ length: 1 + random.below(3) }, () => random.one(['', '-']) + random.one(sortable(type)))
    const wanted = all.oracle.all(type).map(({ id }) => id)
    const { url, status, text, matches } = await all.server.gather(
      `${type}?_sort=${keys}&_count=${Math.ceil(wanted.length / 4)}`,
    )
    if (status === 400 && text.includes('can be sorted by')) continue
    if (status !== 200) faults.push(`${url} answers ${status}: ${text.slice(0, 200)}`)
    if ([...new Set(matches.map(({ id }) => id))].sort().join() !== wanted.sort().join())
      faults.push(`${url} gives ${matches.length} of ${wanted.length}`)
    const wrong = matches.findIndex((match, at) => at > 0 && !isInOrder(matches[at - 1] as Resource, match, keys))
    const pair = [matches[wrong - 1], matches[wrong]].map(
      (each) => each && `${each.id} (${keys.map((key) => keyOf(each, key))})`,
    )
    if (wrong > 0) faults.push(`${url} gives ${pair[0]} before ${pair[1]}`)
  }
  assert.deepEqual(faults, [])
})

test('_lastUpdated and _id sort in both directions', { skip }, async () => {
  for (const sort of ['_lastUpdated', '-_lastUpdated', '_id', '-_id']) {
    const { matches } = await all.server.gather(`Encounter?_sort=${sort}&_count=90`)
    assert.equal(matches.length, all.oracle.all('Encounter').length)
    const keys = matches.map(({ id, meta }) =>
      sort.endsWith('_id') ? id : (meta as { lastUpdated: string }).lastUpdated,
    )
    const ordered = keys.toSorted()
    assert.deepEqual(keys, sort.startsWith('-') ? ordered.reverse() : ordered, sort)
  }
})

/** Pairs of a type and its reference parameters that lead somewhere here. */
function references(): { type: string; code: string; targets: string[] }[] {
  return all.oracle.types().flatMap((type) =>
    codesOf(type)
      .filter((code) => definitionOf(type, code)?.type === 'reference')
      .map((code) => {
        const keys = all.oracle.all(type).flatMap((each) => all.oracle.targets(each, code))
        return {
          type,
          code,
          targets: [...new Set(keys.filter((key) => all.oracle.at(key)).map((key) => key.split('/')[0] ?? ''))],
        }
      })
      .filter(({ targets }) => targets.length > 0),
  )
}

const keyText = ({ resourceType, id }: Resource) => `${resourceType}/${id}`

function faultOf(
  url: string,
  matches: readonly Resource[],
  included: readonly Resource[],
  wanted: readonly string[],
): string[] {
  const here = new Set(matches.map(keyText))
  const expected = [...new Set(wanted)].filter((key) => !here.has(key)).sort()
  const given = included.map(keyText).sort()
  if (given.join() === expected.join()) return []
  const missing = expected.filter((key) => !given.includes(key))
  return [
    `${url} includes ${given.length}, not ${expected.length}: misses ${missing.slice(0, 3)}, adds ${given.filter((key) => !expected.includes(key)).slice(0, 3)}`,
  ]
}

test('_include and _revinclude give what belongs to the matches of the page', { skip }, async () => {
  const random = new Random(seed * 100 + 31)
  const known = references()
  const faults: string[] = []
  for (let n = 0; n < times; n++) {
    const { type, code, targets } = random.one(known)
    const isReverse = random.happens(0.5)
    const only = random.one([undefined, random.one(targets)])
    const searched = isReverse ? (only ?? random.one(targets)) : type
    const url = `${searched}?_count=8&${isReverse ? '_revinclude' : '_include'}=${type}:${code}${only ? `:${only}` : ''}`
    const { status, text, pages } = await all.server.gather(url)
    if (status !== 200) faults.push(`${url} answers ${status}: ${text.slice(0, 200)}`)
    for (const { matches, included } of pages) {
      if (included.length >= 1000) continue
      const isWanted = (key: string) => all.oracle.at(key) !== undefined && (!only || key.startsWith(`${only}/`))
      const forward = matches.flatMap((match) => all.oracle.targets(match, code).filter(isWanted))
      const here = new Set(matches.map(keyText))
      const reverse = () =>
        all.oracle
          .all(type)
          .filter((each) => all.oracle.targets(each, code).some((key) => here.has(key)))
          .map(keyText)
      faults.push(...faultOf(url, matches, included, isReverse ? reverse() : forward))
    }
  }
  assert.deepEqual([...new Set(faults)], [])
})

test('_include:iterate goes on until nothing new comes', { skip }, async () => {
  const url = 'Patient?_count=200&_include=Patient:link&_include:iterate=Patient:link'
  const { pages, status } = await all.server.gather(`${url}&identifier=x`)
  assert.equal(status, 200)
  const [{ matches, included } = { matches: [], included: [] }] = pages
  const reached = new Set<string>()
  const queue = [...matches]
  for (let next = queue.pop(); next; next = queue.pop()) {
    for (const key of all.oracle.targets(next, 'link')) {
      const target = all.oracle.at(key)
      if (!target || reached.has(key)) continue
      reached.add(key)
      queue.push(target)
    }
  }
  assert.deepEqual(faultOf(url, matches, included, [...reached]), [])
  assert.ok(included.length > 0)
})
