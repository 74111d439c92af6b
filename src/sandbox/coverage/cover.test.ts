import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { generate, usCoreVersions } from '../index.ts'
import { coverCast } from '../life/index.ts'
import { type Json, type MustSupports, missing, valuesAt } from './must-supports.ts'

const folder = new URL('../../../../shared/data/us-core/', import.meta.url)
const skip = !existsSync(folder) && 'needs ../shared'

/** What no generator can give: the server stamps it. */
const stamped = new Set(['meta', 'meta.lastUpdated'])

interface Meta extends Json {
  readonly profile?: readonly string[]
}

function coverResources(usCore: (typeof usCoreVersions)[number]) {
  const patients = coverCast.length
  return [...generate({ patients, seed: 1, usCore })].map((line) => JSON.parse(line) as Json)
}
const profilesOf = (resource: Json) => (resource.meta as Meta | undefined)?.profile ?? []

for (const usCore of usCoreVersions) {
  test(`the cover holds every must-support element of US Core ${usCore}`, { skip }, () => {
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

  test(`the cover holds what the profiles of US Core ${usCore} mark beyond the kit's table`, { skip }, () => {
    const resources = coverResources(usCore)
    const { profiles } = JSON.parse(readFileSync(new URL(`us-core-${usCore}.json`, folder), 'utf8'))
    const lacking: string[] = []
    for (const [name, { url, ms }] of Object.entries<Profile>(profiles)) {
      const instances = resources.filter((one) => profilesOf(one).includes(url))
      for (const element of ms.filter((one) => !isInherited(name, one.p) && !stamped.has(one.p))) {
        if (!instances.some((one) => holds(one, element))) lacking.push(`${name} ${element.p}`)
      }
    }
    assert.deepEqual(lacking, [])
  })
}

interface Marked {
  readonly p: string
  readonly path?: string
  readonly t?: string
}
interface Profile {
  readonly url: string
  readonly ms: readonly Marked[]
}

/** Vital signs inherit components from the blood pressure's ancestor and a value that a panel has in its parts. */
const simpleSigns =
  /bmi|height|weight|temperature|bodytemp|heart-?rate|respiratory|resprate|circumference|us-core-vital-signs/
const isInherited = (profile: string, path: string) =>
  (simpleSigns.test(profile) && path.startsWith('component')) ||
  (/bmi$|us-core-vital-signs/.test(profile) && path === 'dataAbsentReason') ||
  (/^bp$|blood-pressure/.test(profile) && path.startsWith('value[x]'))

/** Slices are checked by the kit's table; here an extension counts by its URL and an element by its path. */
function holds(resource: Json, { p, path = p, t = '' }: Marked): boolean {
  const url = /Extension\{(usc|fhir):([^},]+)/.exec(t)
  if (!url) return valuesAt(resource, path.replaceAll(/:[\w/-]+/g, ''), []).length > 0
  const canonical =
    (url[1] === 'usc'
      ? 'http://hl7.org/fhir/us/core/StructureDefinition/'
      : 'http://hl7.org/fhir/StructureDefinition/') + url[2]
  return valuesAt(resource, path, []).some((one) => (one as Json).url === canonical)
}
