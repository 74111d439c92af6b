/** Some patients of Synthea with all that is theirs, and awkward resources: in the server and in the oracle. */
import { existsSync } from 'node:fs'
import { ndjson, type Resource } from '../support/ndjson.ts'
import { type TestApp, testApp } from '../support/test-app.ts'
import { awkward } from './awkward.ts'
import { Oracle } from './oracle.ts'
import { lacksPackage } from './package-files.ts'
import { Random } from './random.ts'
import { Server } from './server.ts'

const file = '../shared/data/synthea/synthea-100.ndjson.zst'

export const skip = lacksPackage || (!existsSync(file) && `needs ${file}`)
export const isLong = process.env.LONG === '1'
export const seed = Number(process.env.SEED ?? 1)

export interface World {
  readonly app: TestApp
  readonly server: Server
  readonly oracle: Oracle
}

export async function world(): Promise<World> {
  const random = new Random(seed)
  const resources = some(random, ndjson(file))
  const patients = resources.filter(({ resourceType }) => resourceType === 'Patient').map(({ id }) => id)
  resources.push(...awkward(random, patients))
  const app = await testApp()
  const practice = await app.addPractice('oracle')
  const server = new Server(app, practice, await app.token(practice))
  for (let at = 0; at < resources.length; at += 500) await app.load(practice, resources.slice(at, at + 500))
  return { app, server, oracle: new Oracle(await stamped(server, resources)) }
}

function some(random: Random, all: readonly Resource[]): Resource[] {
  if (isLong) return [...all]
  const ids = all.filter(({ resourceType }) => resourceType === 'Patient').map(({ id }) => id)
  const chosen = new Set(Array.from({ length: 12 }, () => `Patient/${random.one(ids)}`))
  const named = all.filter((resource) => {
    const patients = JSON.stringify(resource).match(/Patient\/[\w-]+/g) ?? []
    return resource.resourceType === 'Patient'
      ? chosen.has(`Patient/${resource.id}`)
      : patients.every((patient) => chosen.has(patient))
  })
  return named.filter(
    ({ resourceType }) => !['Claim', 'ExplanationOfBenefit'].includes(resourceType) || random.happens(0.2),
  )
}

/** With the times that the server wrote. */
async function stamped(server: Server, resources: readonly Resource[]): Promise<Resource[]> {
  const metas = new Map<string, unknown>()
  for (const type of new Set(resources.map(({ resourceType }) => resourceType))) {
    const { matches } = await server.gather(`${type}?_count=1000&_elements=meta`)
    for (const { id, meta } of matches) metas.set(`${type}/${id}`, meta)
  }
  return resources.map((resource) => {
    const { tag: _, ...meta } = metas.get(`${resource.resourceType}/${resource.id}`) as { tag?: unknown }
    const { meta: own } = resource as { meta?: object }
    return { ...resource, meta: { ...meta, ...own } }
  })
}
