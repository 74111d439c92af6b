/** A process of the state-at-T test: writes creates, updates and deletions to one practice until it is told to stop. */

import { readSettings } from '#config'
import { practiceNamed } from '#platform'
import type { WriteOperation } from '#store'
import { openInstallation } from '../../src/app.ts'

const ids = 60 // few, so that the writers meet
const [seed = '1'] = process.argv.slice(2)
let isStopped = false
process.on('message', () => {
  isStopped = true
})

await using installation = await openInstallation(readSettings(process.env))
const store = installation.storeOf(await practiceNamed(installation.db, 'north'))
const random = numbers(Number(seed))
process.send?.('ready')
let writes = 0
while (!isStopped) {
  const operations = new Map<string, WriteOperation>()
  for (let i = 0; i < 1 + Math.floor(random() * 8); i++) {
    const operation = anOperation(`${seed}-${writes}-${i}`)
    operations.set(operation.id, operation)
  }
  await store.write([...operations.values()])
  writes++
}
process.disconnect()

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
