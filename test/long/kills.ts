/**
 * `npm run test:long kills`: clients write over HTTP while the server and its PostgreSQL are killed with -9 in turn
 * (KILLS=n times, 20). Whatever was acknowledged must be there afterwards: each creation, and of each resource that is
 * updated every version up to the last one that was told.
 */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Started } from '../cli/command.ts'
import { end, ownInstallation } from './support/own-installation.ts'

const kills = Number(process.env.KILLS ?? 20)
const writers = 16
const secondsBetweenKills = 1.5

await using installation = await ownInstallation([])

interface Acknowledged {
  /** Marks of creations by id. */
  readonly created: Map<string, string>
  /** Marks of the versions of a resource that is updated. */
  readonly versions: string[]
}

const acknowledged: readonly Acknowledged[] = Array.from({ length: writers }, () => ({
  created: new Map(),
  versions: [],
}))
const count = () => acknowledged.reduce((sum, { created, versions }) => sum + created.size + versions.length, 0)
let isStopped = false
let mark = 0

function send(method: string, path: string, resource?: object, headers: Record<string, string> = {}) {
  return installation.send(path, { method, headers, ...(resource && { body: JSON.stringify(resource) }) })
}

const patient = (family: string, id?: string) => ({ resourceType: 'Patient', ...(id && { id }), name: [{ family }] })
const familyOf = (resource: unknown) => (resource as ReturnType<typeof patient>).name[0]?.family

async function write(writer: number): Promise<void> {
  const { created, versions } = acknowledged[writer] as Acknowledged
  while (!isStopped) {
    try {
      await createOne(created)
      await updateOne(`w${writer}`, versions)
    } catch {
      await sleep(50) // it was killed: nothing was acknowledged
    }
  }
}

async function createOne(created: Map<string, string>) {
  const family = `m${mark++}`
  const answer = await send('POST', 'Patient', patient(family))
  const body = (await answer.json()) as { id: string }
  if (answer.status === 201) created.set(body.id, family)
}

/** The version that is there may be one that was written and not acknowledged: it is read, then followed. */
async function updateOne(id: string, versions: string[]) {
  const before = await send('GET', `Patient/${id}`)
  const current = before.status === 200 ? ((await before.json()) as { meta: { versionId: string } }) : undefined
  if (!current && before.status !== 404) return
  const family = `m${mark++}`
  const ifMatch = current && { 'if-match': `W/"${current.meta.versionId}"` }
  const answer = await send('PUT', `Patient/${id}`, patient(family, id), ifMatch)
  const { meta } = (await answer.json()) as { meta?: { versionId: string } }
  if (answer.status === 200 || answer.status === 201) versions[Number(meta?.versionId)] = family
}

async function kill(what: 'server' | 'PostgreSQL', server: Started): Promise<Started> {
  if (what === 'PostgreSQL') {
    installation.killPostgres()
    await sleep(300) // a server does not outlive its PostgreSQL: whoever runs it starts both again
  }
  await end(server, 'SIGKILL')
  return installation.run('serve')
}

let server = await installation.run('serve')
const writing = acknowledged.map((_, writer) => write(writer))
for (let killed = 1; killed <= kills; killed++) {
  const before = count()
  await sleep(secondsBetweenKills * 1000)
  while (count() === before) await sleep(100)
  const what = killed % 2 === 1 ? 'server' : 'PostgreSQL'
  server = await kill(what, server)
  console.log(`${killed} of ${kills}: ${what}; ${count()} writes acknowledged`)
}
await sleep(secondsBetweenKills * 1000)
isStopped = true
await Promise.all(writing)

const lost: string[] = []
for (const [writer, { created, versions }] of acknowledged.entries()) {
  for (const [id, family] of created) await check(`Patient/${id}`, family)
  for (const [version, family] of versions.entries())
    if (family !== undefined) await check(`Patient/w${writer}/_history/${version}`, family)
}

async function check(path: string, family: string) {
  const answer = await send('GET', path)
  const found = answer.status === 200 ? familyOf(await answer.json()) : answer.status
  if (found !== family) lost.push(`${path}: ${found} in place of ${family}`)
}

await end(server, 'SIGTERM')
console.log(`${count()} writes acknowledged over ${kills} kills, ${lost.length} lost`)
assert.ok(count() > kills * writers, 'too few writes to tell anything')
assert.deepEqual(lost, [])
