/**
 * A process of the state-at-T test: writes creates, updates and deletions to one practice until it is told to stop, as an
 * import does or as clients do, several at once.
 */

import { readSettings } from '#config'
import { practiceNamed } from '#platform'
import { issueAccessToken } from '#smart'
import type { WriteOperation } from '#store'
import { openInstallation, serverOf } from '../../src/app.ts'

const ids = 60 // few, so that the writers meet
const [seed = '1', way = 'import'] = process.argv.slice(2)
let isStopped = false
process.on('message', () => {
  isStopped = true
})

await using installation = await openInstallation(readSettings(process.env))
const practice = await practiceNamed(installation.db, 'north')
const random = numbers(Number(seed))
const write = way === 'REST' ? await writeAsClients() : writeAsImport()
process.send?.('ready')
let writes = 0
while (!isStopped) {
  const operations = new Map<string, WriteOperation>()
  for (let i = 0; i < 1 + Math.floor(random() * 8); i++) {
    const operation = anOperation(`${seed}-${writes}-${i}`)
    operations.set(operation.id, operation)
  }
  await write([...operations.values()])
  writes++
}
process.disconnect()

function writeAsImport() {
  const store = installation.storeOf(practice)
  return async (operations: readonly WriteOperation[]) => void (await store.write(operations))
}

async function writeAsClients() {
  const { server } = await serverOf(installation, undefined)
  const grant = { practice: practice.number, client: 'operator', scope: 'system/*.cruds', patients: [], seconds: 3600 }
  const headers = {
    authorization: `Bearer ${await issueAccessToken(installation.db, grant)}`,
    'content-type': 'application/fhir+json',
  }
  return async (operations: readonly WriteOperation[]) => {
    const answers = operations.map(async (operation) => {
      const url = `/north/fhir/r4/Patient/${operation.id}`
      const { statusCode } = await (operation.kind === 'put'
        ? server.inject({ method: 'PUT', url, headers, payload: operation.text })
        : server.inject({ method: 'DELETE', url, headers: { authorization: headers.authorization } }))
      if (statusCode >= 300) throw new Error(`${operation.kind} was answered ${statusCode}`)
    })
    await Promise.all(answers)
  }
}

function anOperation(mark: string): WriteOperation {
  const type = 'Patient'
  const id = `p${Math.floor(random() * ids)}`
  if (random() < 0.2) return { kind: 'delete', type, id }
  const resource = { resourceType: type, id, name: [{ family: mark }] }
  return { kind: 'put', type, id, text: JSON.stringify(resource), resource }
}

/** mulberry32 */
function numbers(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
