import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { cover, generate, usCoreVersions } from './index.ts'
import { type Json, type MustSupports, missing } from './must-support-check.ts'

const folder = new URL('../../../shared/data/us-core/', import.meta.url)
const skip = !existsSync(folder) && 'needs ../shared'

/** What no generator can give: the server stamps it. */
const stamped = new Set(['meta', 'meta.lastUpdated'])

interface Meta extends Json {
  readonly profile?: readonly string[]
}

function coverResources(usCore: (typeof usCoreVersions)[number]) {
  const patients = cover({ patients: 6 }).length
  return [...generate({ patients, seed: 1, usCore })].map((line) => JSON.parse(line) as Json)
}
const profilesOf = (resource: Json) => (resource.meta as Meta | undefined)?.profile ?? []

for (const usCore of usCoreVersions) {
  test(`cover() holds every must-support element of US Core ${usCore}`, { skip }, () => {
    const resources = coverResources(usCore)
    const byReference = new Map(resources.map((one) => [`${one.resourceType}/${one.id}`, profilesOf(one)]))
    const { groups } = JSON.parse(readFileSync(new URL(`inferno-us-core-${usCore}.json`, folder), 'utf8'))
    const lacking: Record<string, readonly string[]> = {}
    for (const [name, group] of Object.entries<{ profile: string; mustSupports: MustSupports }>(groups)) {
      const instances = resources.filter((one) => profilesOf(one).includes(group.profile))
      const lacks = missing(instances, group.mustSupports, (to) => byReference.get(to) ?? []).filter(
        (path) => !stamped.has(path),
      )
      if (lacks.length > 0 || instances.length === 0) lacking[name] = instances.length === 0 ? ['no instance'] : lacks
    }
    assert.deepEqual(lacking, {})
  })

  test(`every profile of US Core ${usCore} has instances and no other is named`, { skip }, () => {
    const counts = new Map<string, number>()
    const resources = coverResources(usCore)
    for (const resource of resources)
      for (const profile of profilesOf(resource)) counts.set(profile, (counts.get(profile) ?? 0) + 1)
    const table = JSON.parse(readFileSync(new URL(`us-core-${usCore}.json`, folder), 'utf8'))
    const known = Object.values<{ url: string; type: string }>(table.profiles)
    assert.deepEqual(
      known.map(({ url }) => url).filter((url) => !counts.has(url)),
      [],
    )
    const urls = new Set(known.map(({ url }) => url))
    const ofFhir = (url: string) => url.startsWith('http://hl7.org/fhir/StructureDefinition/')
    assert.deepEqual(
      [...counts.keys()].filter((url) => !urls.has(url) && !ofFhir(url)),
      [],
    )
    const types = new Set(known.map(({ type }) => type))
    const silent = resources.filter((one) => types.has(String(one.resourceType)) && profilesOf(one).length === 0)
    assert.deepEqual(
      silent.map((one) => `${one.resourceType}/${one.id}`),
      [],
    )
  })
}
